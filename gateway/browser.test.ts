import { afterEach, describe, expect, it } from 'vitest';
import type { SourceType } from '../schemas/index.ts';
import {
  APP_KEY,
  directoryOf,
  post,
  SERVER_KEY,
  sendRaw,
  sourceOf,
  startGateway,
  type TestGateway,
  type TestOptions,
  WEB_KEY,
} from './testing/harness.ts';

const ORIGIN = { origin: 'https://shop.example' };
const PAGE = { type: 'page', pipelineKey: WEB_KEY };

let gateway: TestGateway;
const start = async (options?: TestOptions) => {
  gateway = await startGateway(options);
};
afterEach(() => gateway.close());

const visitors = () => gateway.events().map(({ event }) => event.anonymousId);

describe('the visitor of a browser call', () => {
  it('gets a new id, in a cookie that lasts and in the answer', async () => {
    await start();
    const answer = await post(`${gateway.url}/v1/p`, PAGE, ORIGIN);
    const [id = ''] = visitors();
    expect(id).toMatch(/^df_[0-9a-f-]{36}$/);
    expect(answer.body).toEqual({ success: true, anonymousId: id });
    expect(answer.headers.get('set-cookie')).toBe(
      `_dfid=${id}; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  it('is the cookie’s where the event does not say', async () => {
    await start();
    const answer = await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, cookie: 'x=1; _dfid=df_known' });
    expect(visitors()).toEqual(['df_known']);
    expect(answer.headers.get('set-cookie')).toContain('_dfid=df_known; Max-Age=34560000');
  });

  it('is the event’s where both say, and the cookie follows', async () => {
    await start();
    const answer = await post(
      `${gateway.url}/v1/p`,
      { ...PAGE, anonymousId: 'df_after_reset' },
      { ...ORIGIN, cookie: '_dfid=df_old' },
    );
    expect(visitors()).toEqual(['df_after_reset']);
    expect(answer.headers.get('set-cookie')).toContain('_dfid=df_after_reset;');
  });

  it('is restored from the event when the cookie was lost', async () => {
    await start();
    const answer = await post(`${gateway.url}/v1/p`, { ...PAGE, anonymousId: 'df_kept' }, ORIGIN);
    expect(answer.headers.get('set-cookie')).toContain('_dfid=df_kept;');
    expect(answer.body).toEqual({ success: true, anonymousId: 'df_kept' });
  });

  it('is one for all events of a batch that do not say', async () => {
    await start();
    const batch = [{ type: 'page' }, { type: 'page' }, { type: 'page', userId: 'u_1' }];
    const answer = await post(`${gateway.url}/v1/batch`, { batch, pipelineKey: WEB_KEY }, ORIGIN);
    const [id] = visitors();
    expect(visitors()).toEqual([id, id, id]);
    expect(answer.body).toEqual({ success: true, anonymousId: id, accepted: 3, rejected: [] });
  });

  it.each<[string, Record<string, string>]>([
    ['an Origin', ORIGIN],
    ['a Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
    ['the cookie', { cookie: '_dfid=df_known' }],
    ['a beacon’s content type', { 'content-type': 'text/plain;charset=UTF-8' }],
  ])('is recognised by %s', async (_by, headers) => {
    await start();
    expect((await post(`${gateway.url}/v1/p`, PAGE, headers)).status).toBe(200);
  });

  it.each([
    ['blank', '_dfid=%20'],
    ['too long', `_dfid=${'x'.repeat(513)}`],
  ])('is a new one when the cookie is %s', async (_what, cookie) => {
    await start();
    await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, cookie });
    expect(visitors()[0]).toMatch(/^df_/);
  });

  it('survives a cookie header that makes no sense', async () => {
    await start();
    const cookie = '_dfid=%E0%A4%A; =; ;;; __proto__=x; _dfid';
    expect((await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, cookie })).status).toBe(200);
  });

  it('has a cookie for the whole domain where one is configured', async () => {
    await start({ settings: { cookieDomain: 'shop.example' } });
    const answer = await post(`${gateway.url}/v1/p`, PAGE, ORIGIN);
    expect(answer.headers.get('set-cookie')).toContain('; Domain=shop.example;');
  });

  it('has a Secure cookie where a trusted proxy says that the page is on HTTPS', async () => {
    await start({ settings: { trustedProxies: ['127.0.0.1'] } });
    const answer = await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  it.each([
    ['a page that may not send', 'Origin: https://evil.example', 403],
    ['a form that navigates here', 'Origin: https://shop.example\r\nSec-Fetch-Mode: navigate', 200],
  ])('is not remembered on the word of %s', async (_who, headers, status) => {
    await start({ settings: { corsOrigins: ['https://shop.example'] } });
    const body = JSON.stringify({ ...PAGE, anonymousId: 'df_evil' });
    const head = `POST /v1/p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: text/plain\r\n${headers}\r\n`;
    const answer = await sendRaw(gateway.port, `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    expect(answer).toContain(`HTTP/1.1 ${status}`);
    expect(answer).not.toMatch(/set-cookie/i);
  });

  it('gets no cookie when nothing was accepted', async () => {
    await start();
    const answer = await post(`${gateway.url}/v1/t`, { pipelineKey: WEB_KEY }, ORIGIN);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('a call that no browser made', () => {
  it('is not given an identity or a cookie', async () => {
    await start();
    const headers = { authorization: `Bearer ${WEB_KEY}` };
    expect(await post(`${gateway.url}/v1/p`, {}, headers)).toMatchObject({
      status: 400,
      body: { error: { code: 'MISSING_IDENTITY' } },
    });
    const answer = await post(`${gateway.url}/v1/p`, { userId: 'u_1' }, headers);
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(visitors()[0]).toMatch(/^user_[0-9a-f]{32}$/);
  });

  it.each([SERVER_KEY, APP_KEY])('is whatever goes to %s', async (pipelineKey) => {
    await start();
    const answer = await post(
      `${gateway.url}/v1/p`,
      { pipelineKey },
      { ...ORIGIN, cookie: '_dfid=df_known' },
    );
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'MISSING_IDENTITY' } } });
  });
});

describe('the visitor’s address', () => {
  const ip = () => gateway.events()[0]?.event.context.ip;
  const forwarded = { ...ORIGIN, 'x-forwarded-for': '198.51.100.9, 203.0.113.7' };

  it('is never what an untrusted peer forwards', async () => {
    await start();
    await post(`${gateway.url}/v1/p`, PAGE, forwarded);
    expect(ip()).toBe('127.0.0.1');
  });

  it('is the nearest address that no trusted proxy has', async () => {
    await start({ settings: { trustedProxies: ['127.0.0.0/8'] } });
    await post(`${gateway.url}/v1/p`, PAGE, forwarded);
    expect(ip()).toBe('203.0.113.7');
  });

  it('is the proxy’s where it forwards nonsense', async () => {
    await start({ settings: { trustedProxies: ['127.0.0.1'] } });
    await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, 'x-forwarded-for': '"><script>' });
    expect(ip()).toBe('127.0.0.1');
  });

  it.each<[string, string, string]>([
    ['with a port', '203.0.113.7:4711', '203.0.113.7'],
    ['in brackets', '[2001:db8::7]:4711', '2001:db8::7'],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['behind trusted hops that have ports', '203.0.113.7, 10.0.0.1:80, 10.0.0.2', '203.0.113.7'],
    ['behind one that is not trusted', '198.51.100.9, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['claimed to be a trusted proxy', '10.9.9.9', '10.9.9.9'],
    ['behind what is no address', '203.0.113.7, unknown', '127.0.0.1'],
    ['empty', '', '127.0.0.1'],
    ['after a thousand claims', `${'1.2.3.4, '.repeat(1000)}203.0.113.7`, '203.0.113.7'],
  ])('is found in X-Forwarded-For %s', async (_what, header, address) => {
    await start({ settings: { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] } });
    await post(`${gateway.url}/v1/p`, PAGE, { ...ORIGIN, 'x-forwarded-for': header });
    expect(ip()).toBe(address);
  });

  it.each<[string, SourceType, string, object, string | null]>([
    ['of a browser', 'web', '203.0.113.7', {}, '203.0.113.0'],
    ['of IPv6', 'web', '2001:db8:1:2::7', {}, '2001:db8:1::'],
    ['stated by an app', 'app', '203.0.113.7', { ip: '198.51.100.99' }, '198.51.100.0'],
    ['stated by a server', 'server', '203.0.113.7', { ip: '2001:db8:9:9::9' }, '2001:db8:9::'],
    ['that a server does not state', 'server', '203.0.113.7', {}, null],
  ])(
    'loses its last part where the source wants that: %s',
    async (_whose, type, header, context, address) => {
      const source = sourceOf({ id: 'src_1', name: 'S', type, truncateIp: true });
      await start({
        settings: { trustedProxies: ['127.0.0.1'] },
        config: directoryOf([{ source, keys: [WEB_KEY] }]),
      });
      const event = { ...PAGE, anonymousId: 'df_1', context };
      await post(`${gateway.url}/v1/p`, event, { ...ORIGIN, 'x-forwarded-for': header });
      expect(ip()).toBe(address);
      expect(gateway.log.records[0]?.value?.toString('latin1')).not.toMatch(/203\.0\.113\.7|2::7|\.99|9::9/);
    },
  );

  it('is not what the page says', async () => {
    await start();
    await post(`${gateway.url}/v1/p`, { ...PAGE, context: { ip: '8.8.8.8' } }, ORIGIN);
    expect(ip()).toBe('127.0.0.1');
  });
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${gateway.url}/v1/batch`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  it('lets every origin in by default, by name, since credentials exclude the wildcard', async () => {
    await start();
    const { status, headers } = await preflight('https://shop.example');
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers':
        'Authorization, Content-Type, X-Pipeline-Key, X-Retry-Count, AnonymousId',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
  });

  it('lets only listed origins in where there is a list', async () => {
    await start({ settings: { corsOrigins: ['https://shop.example', 'https://blog.example'] } });
    expect((await preflight('https://blog.example')).headers.get('access-control-allow-origin')).toBe(
      'https://blog.example',
    );
    for (const origin of [
      'https://evil.example',
      'https://shop.example.evil.example',
      'http://shop.example',
      'null',
    ]) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('lets a page read refusals too', async () => {
    await start();
    const answer = await post(`${gateway.url}/v1/p`, '{', ORIGIN);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });
});
