import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOneOf } from './origins.ts';
import {
  directoryOf,
  post,
  SERVER,
  sendRaw,
  startGateway,
  type TestGateway,
  WEB,
} from './testing/harness.ts';

const EXACT = 'dk_live_exact';
const STAR = 'dk_live_star';
const OPEN = 'dk_live_open';
const BACKEND = 'dk_live_backend';

describe('isOneOf', () => {
  it.each<[string, string, boolean]>([
    ['https://shop.example', 'https://shop.example', true],
    ['https://shop.example', 'http://shop.example', false],
    ['https://shop.example', 'https://shop.example:8443', false],
    ['https://shop.example', 'https://www.shop.example', false],
    ['https://shop.example', 'https://shop.example.evil.example', false],
    ['https://*.shop.example', 'https://www.shop.example', true],
    ['https://*.shop.example', 'https://a.b.shop.example', true],
    ['https://*.shop.example', 'https://shop.example', false],
    ['https://*.shop.example', 'https://.shop.example', false],
    ['https://*.shop.example', 'https://evilshop.example', false],
    ['https://*.shop.example', 'https://shop.example.evil.example', false],
    ['https://*.shop.example', 'http://www.shop.example', false],
    ['https://*.shop.example:8443', 'https://www.shop.example:8443', true],
    ['https://*.shop.example', 'https://www.shop.example:8443', false],
    ['https://*.shop.example', 'null', false],
  ])('%s and %s: %s', (pattern, origin, is) => {
    expect(isOneOf([pattern], origin)).toBe(is);
  });
});

describe('a source with a list of origins', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway({
      settings: { corsOrigins: ['https://blog.example'] },
      config: directoryOf([
        { source: { ...WEB, id: 'src_exact', allowedOrigins: ['https://shop.example'] }, keys: [EXACT] },
        { source: { ...WEB, id: 'src_star', allowedOrigins: ['https://*.shop.example'] }, keys: [STAR] },
        { source: { ...WEB, id: 'src_open' }, keys: [OPEN] },
        { source: { ...SERVER, allowedOrigins: ['https://shop.example'] }, keys: [BACKEND] },
      ]),
    });
  });
  afterEach(() => gateway.close());

  const send = (key: string, origin?: string) =>
    post(
      `${gateway.url}/v1/p`,
      { pipelineKey: key, anonymousId: 'df_1' },
      origin === undefined ? {} : { origin },
    );

  it.each<[string, string, boolean]>([
    [EXACT, 'https://shop.example', true],
    [EXACT, 'https://www.shop.example', false],
    [EXACT, 'https://blog.example', false],
    [EXACT, 'null', false],
    [STAR, 'https://www.shop.example', true],
    [STAR, 'https://shop.example', false],
    [BACKEND, 'https://evil.example', false],
    [OPEN, 'https://blog.example', true],
    [OPEN, 'https://shop.example', false],
    [OPEN, 'null', false],
  ])('%s takes events from its pages and no other: %s, %s', async (key, origin, taken) => {
    const answer = await send(key, origin);
    expect(answer.status).toBe(taken ? 200 : 403);
    if (!taken) {
      expect(answer.body).toMatchObject({ error: { code: 'ORIGIN_NOT_ALLOWED' } });
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect(gateway.events()).toHaveLength(taken ? 1 : 0);
  });

  it('takes events that no page sent', async () => {
    expect((await send(EXACT)).status).toBe(200);
    expect((await send(BACKEND)).status).toBe(200);
    expect((await send(OPEN)).status).toBe(200);
  });

  it('takes events of pages of the gateway’s own origin where no list says otherwise', async () => {
    const sameOrigin = (key: string) => {
      const head = `POST /v1/p?key=${key} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: text/plain\r\n`;
      const own =
        'Origin: https://data.example\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n\r\n{}';
      return sendRaw(gateway.port, head + own);
    };
    expect(await sameOrigin(OPEN)).toContain('HTTP/1.1 200');
    expect(await sameOrigin(EXACT)).toContain('ORIGIN_NOT_ALLOWED');
  });

  it('sets cookies for the pages that it takes events from', async () => {
    expect((await send(EXACT, 'https://shop.example')).headers.get('set-cookie')).toContain('_dfid=df_1');
    expect((await send(OPEN, 'https://blog.example')).headers.get('set-cookie')).toContain('_dfid=df_1');
  });

  it.each<[string, boolean]>([
    ['https://shop.example', true],
    ['https://a.b.shop.example', true],
    ['https://blog.example', true],
    ['https://evil.example', false],
    ['http://shop.example', false],
    ['null', false],
  ])('has its preflights answered, which do not say for whom they are: %s, %s', async (origin, allowed) => {
    const { status, headers } = await fetch(`${gateway.url}/v1/batch`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect(headers.get('vary')).toContain('Origin');
    if (allowed) expect(headers.get('access-control-max-age')).toBe('7200');
  });
});
