import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BAD_REQUESTS, BEARER, TRACK } from './testing/bad-requests.ts';
import { post, startGateway, type TestGateway } from './testing/harness.ts';

describe('a refused request', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());
  afterEach(() => {
    expect(gateway.log.appends).toHaveLength(0);
    expect(gateway.logged).toHaveLength(0);
  });

  it.each(BAD_REQUESTS)(
    'with $what is answered $status $code',
    async ({ status, code, method, path, headers, body }) => {
      const response = await fetch(gateway.url + (path ?? '/v1/t'), {
        method: method ?? 'POST',
        headers: headers ?? BEARER,
        ...(body === undefined ? {} : { body }),
      });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect({ status: response.status, body: await response.json() }).toEqual({
        status,
        body: { error: expect.objectContaining({ code, message: expect.stringMatching(/.{10}/) }) },
      });
    },
  );

  it('names the methods that a path answers', async () => {
    expect((await fetch(`${gateway.url}/v1/t`)).headers.get('allow')).toBe('POST, OPTIONS');
    expect((await post(`${gateway.url}/d.js`, {})).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('names the scheme that a missing key should use', async () => {
    expect((await post(`${gateway.url}/v1/t`, TRACK)).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('says where in the event the fault is', async () => {
    const answer = await post(`${gateway.url}/v1/t`, { ...TRACK, context: { page: { url: 1 } } }, BEARER);
    expect(answer.body).toEqual({
      error: {
        code: 'INVALID_EVENT',
        message: 'context.page.url must be a string, not a number',
        details: { path: 'context.page.url' },
      },
    });
  });

  it('names every bad event of a batch that has no good one', async () => {
    const answer = await post(`${gateway.url}/v1/batch`, { batch: [{ ...TRACK, event: 1 }, 5] }, BEARER);
    expect(answer.body).toMatchObject({
      error: {
        code: 'INVALID_BATCH',
        details: {
          rejected: [
            { index: 0, error: { path: 'event' } },
            { index: 1, error: { path: '' } },
          ],
        },
      },
    });
  });

  it('does not show the body in the message about its syntax', async () => {
    const answer = await post(`${gateway.url}/v1/t`, '{"email":"jane@example.com" x}', BEARER);
    expect(JSON.stringify(answer.body)).not.toContain('jane');
  });
});
