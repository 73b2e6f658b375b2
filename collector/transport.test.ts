import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTransport } from './transport.ts';

// Cookies, preflights and beacons are the browser's own; the tests in Chromium see them at work.

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const events = [{ key_: 'queue.a', json_: '{"messageId":"a"}' }];
const post = (answer: (url: string, init: RequestInit) => Promise<Response>) => {
  vi.stubGlobal('fetch', answer);
  return createTransport('https://data.acme.com', 'dk_test_1').post_(events);
};

describe('a batch', () => {
  it('is posted as JSON with the key in it, and no header that would need a preflight', async () => {
    let asked: [string, RequestInit] | undefined;
    await post(async (...request) => {
      asked = request;
      return new Response('{}');
    });
    const [url, init] = asked ?? [];
    expect(url).toBe('https://data.acme.com/v1/batch');
    expect(init?.headers).toBeUndefined();
    expect(JSON.parse(String(init?.body))).toEqual({
      pipelineKey: 'dk_test_1',
      batch: [{ messageId: 'a' }],
      sentAt: expect.any(String),
    });
  });

  it('brings back whom the gateway took the visitor for', async () => {
    const answer = await post(async () => Response.json({ success: true, anonymousId: 'df_1' }));
    expect(answer).toMatchObject({ status_: 200, anonymousId_: 'df_1', rejected_: [] });
  });

  it('brings back which events were refused', async () => {
    const rejected = [{ index: 0, messageId: 'a', error: { code: 'INVALID_EVENT' } }];
    const answer = await post(async () => Response.json({ success: true, accepted: 0, rejected }));
    expect(answer.rejected_).toEqual(['a']);
  });

  it('is answered too when the answer is not JSON', async () => {
    const answer = await post(
      async () => new Response('<html>', { status: 502, headers: { 'Retry-After': '3' } }),
    );
    expect(answer).toMatchObject({ status_: 502, retryAfterMs_: 3_000 });
  });

  it.each(['Sat, 06 Jun 2026 11:12:14 GMT', 'soon'])('makes no number of Retry-After %j', async (header) => {
    const answer = await post(
      async () => new Response('', { status: 503, headers: { 'Retry-After': header } }),
    );
    expect(answer.retryAfterMs_).toBeNaN();
  });

  it('has status 0 when the network fails', async () => {
    expect(await post(() => Promise.reject(new TypeError('Failed to fetch')))).toEqual({ status_: 0 });
  });

  it('is given up when there is no answer for twenty seconds', async () => {
    vi.useFakeTimers();
    const answer = post(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await answer).toEqual({ status_: 0 });
  });
});
