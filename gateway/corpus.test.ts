import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BAD_REQUESTS, BEARER } from './testing/bad-requests.ts';
import { sendRaw, startGateway, type TestGateway } from './testing/harness.ts';
import { HOSTILE_REQUESTS } from './testing/hostile-requests.ts';
import { RAW_REQUESTS } from './testing/raw-requests.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ settings: { rateLimitRps: 100_000 } });
});
afterAll(() => gateway.close());
afterEach(() => {
  // Nothing of it is a fault of ours, and nothing of it changes what objects are.
  expect(gateway.logged).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it('has more than 300 requests, no two of them called the same', () => {
  const all = [...BAD_REQUESTS, ...HOSTILE_REQUESTS, ...RAW_REQUESTS].map(({ what }) => what);
  expect(all.length).toBeGreaterThan(300);
  expect(all.filter((what, index) => all.indexOf(what) !== index)).toEqual([]);
});

describe('a hostile request', () => {
  it.each(HOSTILE_REQUESTS)(
    'with $what is answered $status $code',
    async ({ status, code, method, path, headers, body }) => {
      const before = gateway.log.appends.length;
      const response = await fetch(gateway.url + (path ?? '/v1/t'), {
        method: method ?? 'POST',
        headers: headers ?? BEARER,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      expect({ status: response.status, body: await response.json() }).toEqual({
        status,
        body: { error: expect.objectContaining({ code, message: expect.stringMatching(/.{10}/) }) },
      });
      expect(gateway.log.appends).toHaveLength(before);
    },
  );

  it.each(RAW_REQUESTS)('of $what is answered $status', async ({ bytes, status, code }) => {
    const answer = await sendRaw(gateway.port, bytes);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    const body: unknown = JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
    expect(body).toMatchObject(code === undefined ? { success: true } : { error: { code } });
  });
});
