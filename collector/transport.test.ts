import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTransport, readRetryAfter } from './transport.ts';

// Cookies, preflights and beacons are the browser's own; chromium.test.ts sees them at work.

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const events = [{ messageId: 'a', json: '{"messageId":"a"}' }];
const post = (answer: (url: string, init: RequestInit) => Promise<Response>) => {
  vi.stubGlobal('fetch', answer);
  return createTransport('https://data.acme.com', 'dk_test_1').post(events);
};

describe('a batch', () => {
  it('is posted as JSON under the key', async () => {
    let asked: [string, RequestInit] | undefined;
    await post(async (...request) => {
      asked = request;
      return new Response('{}');
    });
    const [url, init] = asked ?? [];
    expect(url).toBe('https://data.acme.com/v1/batch');
    expect(init?.headers).toMatchObject({ Authorization: 'Bearer dk_test_1' });
    expect(JSON.parse(String(init?.body))).toEqual({
      batch: [{ messageId: 'a' }],
      sentAt: expect.any(String),
    });
  });

  it('brings back whom the gateway took the visitor for', async () => {
    const answer = await post(async () => Response.json({ success: true, anonymousId: 'df_1' }));
    expect(answer).toEqual({ status: 200, anonymousId: 'df_1', rejected: [] });
  });

  it('brings back which events were refused', async () => {
    const rejected = [{ index: 0, messageId: 'a', error: { code: 'INVALID_EVENT' } }];
    const answer = await post(async () => Response.json({ success: true, accepted: 0, rejected }));
    expect(answer.rejected).toEqual(['a']);
  });

  it('is answered too when the answer is not JSON', async () => {
    const answer = await post(
      async () => new Response('<html>', { status: 502, headers: { 'Retry-After': '3' } }),
    );
    expect(answer).toMatchObject({ status: 502, retryAfterMs: 3_000 });
  });

  it('has status 0 when the network fails', async () => {
    expect(await post(() => Promise.reject(new TypeError('Failed to fetch')))).toEqual({ status: 0 });
  });

  it('is given up when there is no answer for twenty seconds', async () => {
    vi.useFakeTimers();
    const answer = post(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await answer).toEqual({ status: 0 });
  });
});

const NOW = Date.parse('2026-06-06T11:11:14Z');

it.each([
  ['7', 7_000],
  ['Sat, 06 Jun 2026 11:12:14 GMT', 60_000],
  ['Sat, 06 Jun 2026 11:10:14 GMT', undefined],
  ['0', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('reads Retry-After %j as %j ms', (header, expected) => {
  expect(readRetryAfter(header, NOW)).toBe(expected);
});
