import { afterEach, describe, expect, it } from 'vitest';
import { VENDOR_COOKIES } from '../config/index.ts';
import type { GatewaySource } from './sources.ts';
import { directoryOf, post, sendRaw, startGateway, type TestGateway, WEB } from './testing/harness.ts';

const KEY = 'dk_live_web';
const URL_WITH_CLICKS =
  'https://www.shop.example/?gclid=Cj0K-abc_1&fbclid=IwAR0AbC&ttclid=t&epik=e&ScCid=s&li_fat_id=l&msclkid=m&gbraid=g&wbraid=w';
const CONSENT = { analytics: true, marketing: true };

let gateway: TestGateway;
afterEach(() => gateway.close());

async function start(
  source: Partial<GatewaySource> = {},
  defaultPolicy: 'allow' | 'strip' | 'drop' = 'strip',
): Promise<void> {
  const directory = directoryOf([
    { source: { ...WEB, vendorCookies: VENDOR_COOKIES, ...source }, keys: [KEY] },
  ]);
  gateway = await startGateway({
    config: { ...directory, consent: { defaultPolicy, categories: new Map([['C0004', 'marketing']]) } },
    settings: { trustedProxies: ['127.0.0.1'] },
  });
}

async function page(
  event: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  path = '/v1/p',
): Promise<{ cookies: Record<string, string>; raw: readonly string[]; ids: Record<string, string> }> {
  const answer = await post(
    gateway.url + path,
    { pipelineKey: KEY, context: { consent: CONSENT, page: { url: URL_WITH_CLICKS } }, ...event },
    {
      origin: 'https://www.shop.example',
      'x-forwarded-host': 'data.shop.co.uk',
      'x-forwarded-proto': 'https',
      ...headers,
    },
  );
  expect(answer.status).toBe(200);
  const raw = answer.headers.getSetCookie().filter((line) => !line.startsWith('_dfid'));
  const cookies = Object.fromEntries(raw.map((line) => (line.split(';')[0] ?? '').split('=', 2)));
  return { cookies, raw, ids: gateway.events().at(-1)?.event.context.vendorIds ?? {} };
}

describe('a browser without vendor cookies', () => {
  it('gets those of the source, in the vendors’ formats, and the event has them', async () => {
    await start();
    const { cookies, ids } = await page();
    expect(cookies).toEqual({
      _ga: expect.stringMatching(/^GA1\.1\.\d{1,10}\.\d{10}$/),
      _fbp: expect.stringMatching(/^fb\.2\.\d{13}\.\d{10}$/),
      _fbc: expect.stringMatching(/^fb\.2\.\d{13}\.IwAR0AbC$/),
      _ttp: expect.stringMatching(/^[0-9A-Za-z]{27}$/),
      _pin_unauth: expect.stringMatching(/^dWlkP[0-9A-Za-z+/%]+$/),
      _scid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      _gcl_aw: expect.stringMatching(/^GCL\.\d{10}\.Cj0K-abc_1$/),
    });
    const named = Object.entries(cookies).map(([name, value]) => [name.slice(1), decodeURIComponent(value)]);
    expect(ids).toEqual(Object.fromEntries(named));
    const inner = Buffer.from(ids.pin_unauth ?? '', 'base64').toString();
    expect(Buffer.from(inner.slice('uid='.length), 'base64').toString()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets them for the registrable domain, for as long as the vendor keeps them, readable by scripts', async () => {
    await start();
    const { raw } = await page();
    const attributes = Object.fromEntries(
      raw.map((line) => [line.split('=')[0], line.slice(line.indexOf(';') + 2)]),
    );
    const rest = 'Domain=shop.co.uk; Path=/; Secure; SameSite=Lax';
    expect(attributes).toMatchObject({
      _ga: `Max-Age=34560000; ${rest}`,
      _fbp: `Max-Age=7776000; ${rest}`,
      _ttp: `Max-Age=33696000; ${rest}`,
      _pin_unauth: `Max-Age=31536000; ${rest}`,
    });
  });

  it('gets one of each for all events of a batch', async () => {
    await start();
    const context = { consent: CONSENT };
    const { cookies } = await page(
      {
        batch: [
          { type: 'page', context },
          { type: 'page', context },
        ],
      },
      {},
      '/v1/batch',
    );
    expect(gateway.events().map(({ event }) => event.context.vendorIds.ga)).toEqual([
      cookies._ga,
      cookies._ga,
    ]);
  });

  it('gets only what the source makes, and what there is a click for', async () => {
    await start({ vendorCookies: ['_fbp', '_fbc', '_gcl_aw'] });
    const { cookies } = await page({ context: { consent: CONSENT } });
    expect(Object.keys(cookies)).toEqual(['_fbp']);
  });

  it.each(['a;b', 'a b', 'a\r\nSet-Cookie: x=1', 'é', 'x'.repeat(501)])(
    'gets none of a click id like %j',
    async (fbclid) => {
      await start();
      const { cookies } = await page({ context: { consent: CONSENT, clickIds: { fbclid, gclid: fbclid } } });
      expect(Object.keys(cookies).sort()).toEqual(['_fbp', '_ga', '_pin_unauth', '_scid', '_ttp']);
    },
  );
});

describe('consent', () => {
  it.each<[string, unknown, 'allow' | 'strip', readonly string[]]>([
    ['for analytics alone', { analytics: true, marketing: false }, 'allow', ['_ga']],
    [
      'for marketing alone',
      { marketing: true },
      'allow',
      ['_fbc', '_fbp', '_gcl_aw', '_pin_unauth', '_scid', '_ttp'],
    ],
    ['refused', { analytics: false, marketing: false }, 'allow', []],
    ['unknown under a policy to strip', undefined, 'strip', []],
    ['unknown under a policy to allow', undefined, 'allow', VENDOR_COOKIES.toSorted()],
    [
      'in a platform’s codes',
      { C0004: true, C0002: true },
      'strip',
      ['_fbc', '_fbp', '_gcl_aw', '_pin_unauth', '_scid', '_ttp'],
    ],
  ])('%s decides what is made and read', async (_what, consent, policy, names) => {
    await start({}, policy);
    const context = { consent, page: { url: URL_WITH_CLICKS } };
    const made = await page({ context });
    expect(Object.keys(made.cookies).sort()).toEqual(names);
    const cookie = VENDOR_COOKIES.map((name) => `${name}=old`).join('; ');
    const read = await page({ context }, { cookie });
    expect(
      Object.keys(read.ids)
        .map((name) => `_${name}`)
        .sort(),
    ).toEqual(names);
  });
});

describe('what there is already', () => {
  it('is never replaced: neither a cookie nor what the event states', async () => {
    await start({ vendorCookies: ['_ga', '_fbp', '_fbc', '_scid'] });
    const { cookies, ids } = await page(
      {
        context: {
          consent: CONSENT,
          page: { url: URL_WITH_CLICKS },
          vendorIds: { _scid: 'stated', fbp: 'stated' },
        },
      },
      { cookie: '_ga=GA1.1.1.2; _fbc=; _fbp=fb.1.1.1; _ttp=there' },
    );
    expect(cookies).toEqual({});
    expect(ids).toEqual({ ga: 'GA1.1.1.2', fbp: 'stated', scid: 'stated', ttp: 'there' });
  });
});

describe('no vendor cookie is made', () => {
  it.each<[string, Partial<GatewaySource>, Record<string, string>]>([
    ['for a server', { type: 'server' }, {}],
    [
      'for another site’s page',
      { allowedOrigins: ['https://www.shop.example'] },
      { 'sec-fetch-site': 'cross-site' },
    ],
    ['where the source makes none', { vendorCookies: [] }, {}],
  ])('%s', async (_what, source, headers) => {
    await start(source);
    const { cookies, ids } = await page({ anonymousId: 'a' }, headers);
    expect({ cookies, ids }).toEqual({ cookies: {}, ids: {} });
  });

  it('when nothing was accepted', async () => {
    await start();
    const answer = await post(
      `${gateway.url}/v1/t`,
      { pipelineKey: KEY, context: { consent: CONSENT } },
      { origin: 'https://a.example' },
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('for a domain that a hostile Host header makes up', async () => {
    await start();
    const body = JSON.stringify({ pipelineKey: KEY, context: { consent: CONSENT } });
    const head =
      'POST /v1/p HTTP/1.1\r\nHost: a.example;Domain=b.example\r\nOrigin: https://a.example\r\nConnection: close\r\n';
    const answer = await sendRaw(
      gateway.port,
      `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toContain('HTTP/1.1 200');
    expect(answer).not.toContain('Domain=');
  });
});
