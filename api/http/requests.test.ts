import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start, TOKEN } from '../testing/harness.ts';

let running: Running;

beforeAll(async () => {
  running = await start();
});

afterAll(async () => {
  await running.stop();
});

const SOURCES = '/v1/admin/sources';

const raw = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  running.api.inject({
    method: 'POST',
    url: SOURCES,
    payload,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
  });

describe('who is let in', () => {
  const get = (authorization?: string) =>
    running.api.inject({ url: SOURCES, headers: authorization === undefined ? {} : { authorization } });

  it.each([
    ['nothing', undefined, 'MISSING_TOKEN'],
    ['another scheme', 'Basic dXNlcjpwYXNz', 'MISSING_TOKEN'],
    ['a scheme without a token', 'Bearer ', 'MISSING_TOKEN'],
    ['a token there is not', 'Bearer sat_nobody', 'INVALID_TOKEN'],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`, 'MISSING_TOKEN'],
    ['the hash of a token', `Bearer ${'ab'.repeat(32)}`, 'INVALID_TOKEN'],
    ['a name of an object property', 'Bearer __proto__', 'INVALID_TOKEN'],
  ])('not who presents %s', async (_, authorization, code) => {
    const response = await get(authorization);
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(response.json()).toEqual({ error: { code, message: expect.any(String) } });
  });

  it('who presents a live token, whatever the case of the scheme', async () => {
    expect((await get(`bearer ${TOKEN}`)).statusCode).toBe(200);
  });

  it('not who presents a token that has expired', async () => {
    const expiresAt = Date.now() + 60_000;
    const token = 'sat_short-lived';
    const { tokenHash } = await import('./auth.ts');
    await running.commands.submit({
      commandId: 'short-lived',
      resourceId: 'tok_short',
      expectedVersion: null,
      time: Date.now(),
      actor: { kind: 'system', id: 'test', name: null, ip: null },
      reason: null,
      payload: {
        'signal.config.CreateToken': {
          name: 'short',
          tokenHash: tokenHash(token),
          scopes: ['admin'],
          expiresAt,
        },
      },
    });
    expect((await get(`Bearer ${token}`)).statusCode).toBe(200);
    running.clock = { now: () => expiresAt };
    const response = await get(`Bearer ${token}`);
    running.clock = { now: () => Date.now() };
    expect(response.statusCode).toBe(401);
    expect(response.json().error.code).toBe('EXPIRED_TOKEN');
  });

  it.each([
    ['POST', '/v1/admin/sources'],
    ['GET', '/v1/admin/sources'],
    ['HEAD', '/v1/admin/sources'],
    ['GET', '/v1/admin/sources/x'],
    ['POST', '/v1/admin/integrations'],
    ['GET', '/v1/admin/integrations'],
    ['GET', '/v1/admin/integrations/x'],
    ['POST', '/v1/admin/pipelines'],
    ['GET', '/v1/admin/pipelines'],
    ['GET', '/v1/admin/pipelines/x'],
    ['GET', '/v1/admin/integration-catalog'],
    ['GET', '/v1/admin/config/events'],
    ['GET', '/v1/admin/events/x'],
  ] as const)('nobody without a token to %s %s', async (method, url) => {
    expect((await running.api.inject({ method, url })).statusCode).toBe(401);
  });

  it('anybody to what operators probe', async () => {
    expect((await running.api.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await running.api.inject('/readyz')).json()).toEqual({ status: 'ready' });
    expect((await running.api.inject('/metrics')).body).toContain('signal_api_request_seconds');
  });
});

describe('what is refused', () => {
  it.each([
    ['no JSON', '{', 400, 'INVALID_JSON'],
    ['nothing', '', 400, 'INVALID_JSON'],
    ['a poisoned prototype', '{"name":"x","type":"web","__proto__":{"admin":true}}', 400, 'INVALID_JSON'],
    ['a poisoned constructor', '{"constructor":{"prototype":{"admin":true}}}', 400, 'INVALID_JSON'],
    ['deep nesting', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400, 'INVALID_JSON'],
    ['an array', '[]', 422, 'VALIDATION_FAILED'],
    ['a text', '"x"', 422, 'VALIDATION_FAILED'],
    ['null', 'null', 422, 'VALIDATION_FAILED'],
    ['too much', JSON.stringify({ name: 'x'.repeat(300_000), type: 'web' }), 413, 'PAYLOAD_TOO_LARGE'],
  ])('a body of %s', async (_, body, status, code) => {
    const response = await raw(body);
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toMatchObject({ code, message: expect.any(String) });
  });

  it('a body of another media type', async () => {
    const response = await raw('name=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(response.statusCode).toBe(415);
    expect(response.json().error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('random bytes, always with an error of its own', async () => {
    for (let round = 0; round < 50; round++) {
      const response = await raw(randomBytes(1 + (round % 64)));
      expect(response.statusCode).toBeLessThan(500);
      expect(response.json()).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/) } });
    }
  });

  it('every field at fault, each by its path', async () => {
    const response = await raw(JSON.stringify({ type: 'toaster', colour: 'red', 'a/b~c': 1 }));
    expect(response.statusCode).toBe(422);
    expect(response.json().error.details.toSorted(byPath)).toEqual([
      { path: 'a/b~c', code: 'UNKNOWN_FIELD', message: expect.any(String) },
      { path: 'colour', code: 'UNKNOWN_FIELD', message: expect.any(String) },
      { path: 'name', code: 'REQUIRED', message: expect.any(String) },
      { path: 'type', code: 'INVALID', message: 'Expected one of web, app, server, webhook' },
    ]);
  });

  it('a value of another type, which is not converted', async () => {
    const response = await raw(JSON.stringify({ name: 5, type: 'web' }));
    expect(response.json().error.details).toEqual([
      { path: 'name', code: 'INVALID', message: expect.any(String) },
    ]);
  });

  it('paths and methods there are not', async () => {
    for (const [method, url] of [
      ['GET', '/v1/admin/nothing'],
      ['DELETE', '/v1/admin/sources'],
      ['GET', '/'],
    ] as const) {
      const response = await running.api.inject({ method, url });
      expect(response.statusCode).toBe(404);
      expect(response.json().error.code).toBe('NOT_FOUND');
    }
  });

  it.each([
    ['a path that is no UTF-8', 'sources/%ff', 400, 'MALFORMED_REQUEST'],
    ['a path too long', `events/${'x'.repeat(5000)}`, 400, 'MALFORMED_REQUEST'],
    ['a source there is not', 'sources/__proto__', 404, 'SOURCE_NOT_FOUND'],
    ['an integration there is not', 'integrations/constructor', 404, 'INTEGRATION_NOT_FOUND'],
    ['a pipeline there is not', 'pipelines/src_x', 404, 'PIPELINE_NOT_FOUND'],
    ['an event there is not', 'events/evt_x', 404, 'EVENT_NOT_FOUND'],
    ['a page of nothing', 'sources?limit=0', 422, 'VALIDATION_FAILED'],
    ['a page too long', 'sources?limit=101', 422, 'VALIDATION_FAILED'],
    ['a parameter twice', 'sources?limit=5&limit=6', 422, 'VALIDATION_FAILED'],
    ['a parameter there is not', 'sources?page=2', 422, 'VALIDATION_FAILED'],
    ['a cursor that no list gave out', 'sources?cursor=x', 400, 'INVALID_CURSOR'],
  ])('%s', async (_, path, status, code) => {
    const url = `/v1/admin/${path}`;
    const response = await running.get(url);
    expect(response.statusCode).toBe(status);
    expect(response.json().error.code).toBe(code);
  });
});

describe('what is no HTTP', () => {
  const exchange = async (bytes: string): Promise<string> => {
    if (!running.api.server.listening) await running.api.listen({ host: '127.0.0.1', port: 0 });
    const address = running.api.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect(address.port, '127.0.0.1');
    socket.end(bytes);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return answer;
  };

  it.each([
    ['anything at all', 'EHLO mail.example\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a header too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('is answered all the same: %s', async (_, bytes, status, code) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
  });
});

describe('every answer', () => {
  it('has a request id of its own, whatever the caller says', async () => {
    const headers = { 'x-request-id': 'chosen-by-the-caller' };
    const answers = await Promise.all([1, 2].map(() => running.api.inject({ url: '/healthz', headers })));
    const ids = new Set(answers.map((answer) => answer.headers['x-request-id']));
    expect(ids.size).toBe(2);
    expect(ids.has('chosen-by-the-caller')).toBe(false);
  });

  it('is not kept by caches', async () => {
    expect((await running.get(SOURCES)).headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
});

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);
