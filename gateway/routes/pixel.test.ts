import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogError } from '../../streams/index.ts';
import {
  directoryOf,
  SERVER,
  SERVER_KEY,
  sourceOf,
  startGateway,
  type TestGateway,
  WEB,
  WEB_KEY,
} from '../testing/harness.ts';

const STRICT_KEY = 'dk_strict';
const STRICT_WEB_KEY = 'dk_strict_web';

let gateway: TestGateway;
let before: number;
beforeAll(async () => {
  gateway = await startGateway({
    config: directoryOf([
      { source: WEB, keys: [WEB_KEY] },
      { source: SERVER, keys: [SERVER_KEY] },
      {
        source: sourceOf({ id: 'a', name: 'a', type: 'server', requireSignature: true }),
        keys: [STRICT_KEY],
      },
      {
        source: sourceOf({ id: 'b', name: 'b', type: 'web', requireSignature: true }),
        keys: [STRICT_WEB_KEY],
      },
    ]),
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  before = gateway.log.records.length;
});

const get = (query: string, headers: Record<string, string> = {}, type = 'track') =>
  fetch(`${gateway.url}/v1/pixel/${type}?${query}`, { headers });
const stored = () =>
  gateway
    .events()
    .slice(before)
    .map(({ event }) => event);
const opened = `wk=${WEB_KEY}&e=Email%20Opened&uid=u_1&aid=a_1`;

describe('a pixel', () => {
  it('is an image that nobody keeps', async () => {
    const answer = await get(opened);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/gif',
      'cache-control': 'no-store, no-cache, must-revalidate',
      pragma: 'no-cache',
      expires: '0',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.toString('latin1', 0, 6)).toBe('GIF89a');
    expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([1, 1]);
  });

  it('records the whole event', async () => {
    const at = Date.parse('2026-01-31T12:00:00.123Z');
    await get(
      `${opened}&mid=evt_1&ts=${at}&p.campaign.id=c_7&p.campaign.name=Spring+sale&p.tag=a&p.tag=b&t.plan=pro&cb=1`,
    );
    const [event] = stored();
    expect(event).toMatchObject({
      type: 'track',
      event: 'Email Opened',
      messageId: 'evt_1',
      userId: 'u_1',
      anonymousId: 'a_1',
      timestamp: at,
      traits: '{"plan":"pro"}',
    });
    expect(JSON.parse(event?.properties ?? '')).toEqual({
      campaign: { id: 'c_7', name: 'Spring sale' },
      tag: ['a', 'b'],
    });
  });

  it.each([
    ['page', 'e=Home', { name: 'Home' }],
    ['screen', 'e=Home', { name: 'Home' }],
    ['identify', 't.email=jane@example.com', { traits: '{"email":"jane@example.com"}' }],
    ['group', 'gid=g_1', { groupId: 'g_1' }],
  ])('of type %s takes %s', async (type, query, fields) => {
    expect((await get(`wk=${WEB_KEY}&aid=a_1&${query}`, {}, type)).status).toBe(200);
    expect(stored()).toMatchObject([{ type, anonymousId: 'a_1', ...fields }]);
  });

  it('is not opened by who only asks for its head', async () => {
    const answer = await fetch(`${gateway.url}/v1/pixel/track?${opened}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect(stored()).toEqual([]);
  });

  it.each([
    ['no key', 'e=x&aid=a', 401, 'MISSING_PIPELINE_KEY'],
    ['an unknown key', 'wk=dk_nobody&e=x&aid=a', 401, 'INVALID_PIPELINE_KEY'],
    ['a key twice', `wk=${WEB_KEY}&wk=${WEB_KEY}&e=x&aid=a`, 401, 'MISSING_PIPELINE_KEY'],
    ['a key that may only sign', `wk=${STRICT_KEY}&e=x&aid=a`, 401, 'SIGNATURE_MISSING'],
    ['nobody', `wk=${WEB_KEY}&e=x`, 400, 'MISSING_IDENTITY'],
    ['no name', `wk=${WEB_KEY}&aid=a`, 400, 'INVALID_EVENT'],
    ['a name twice', `wk=${WEB_KEY}&aid=a&e=x&e=y`, 400, 'INVALID_EVENT'],
    ['a time in words', `wk=${WEB_KEY}&aid=a&e=x&ts=now`, 400, 'INVALID_EVENT'],
    ['an endless time', `wk=${WEB_KEY}&aid=a&e=x&ts=${'9'.repeat(30)}`, 400, 'INVALID_EVENT'],
    ['properties that contradict each other', `wk=${WEB_KEY}&aid=a&e=x&p.a=1&p.a.b=2`, 400, 'INVALID_EVENT'],
    ['and in the other order', `wk=${WEB_KEY}&aid=a&e=x&p.a.b=2&p.a=1`, 400, 'INVALID_EVENT'],
    ['a property without a name', `wk=${WEB_KEY}&aid=a&e=x&p.a..b=1`, 400, 'INVALID_EVENT'],
    ['a prototype', `wk=${WEB_KEY}&aid=a&e=x&p.__proto__.polluted=1`, 400, 'INVALID_EVENT'],
    ['a prototype as a name', `wk=${WEB_KEY}&aid=a&e=x&p.__proto__=1`, 400, 'INVALID_EVENT'],
    ['a constructor', `wk=${WEB_KEY}&aid=a&e=x&t.a.constructor.prototype.polluted=1`, 400, 'INVALID_EVENT'],
    ['deep nesting', `wk=${WEB_KEY}&aid=a&e=x&p.${'a.'.repeat(2000)}b=1`, 400, 'INVALID_EVENT'],
    ['an endless id', `wk=${WEB_KEY}&aid=${'a'.repeat(600)}&e=x`, 400, 'INVALID_EVENT'],
  ])('with %s is the image all the same, with the true status', async (_what, query, status, code) => {
    const answer = await get(query);
    expect([answer.status, answer.headers.get('x-signal-error')]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('image/gif');
    expect((await answer.arrayBuffer()).byteLength).toBe(42);
    expect(stored()).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('is the image even where the gateway fails', async () => {
    const append = () => Promise.reject(new LogError('UNAVAILABLE', 'down'));
    const failing = await startGateway({
      log: { append },
      ids: {
        uuid: () => {
          throw new Error('no ids');
        },
      },
    });
    const image = async (query: string) => {
      const answer = await fetch(`${failing.url}/v1/pixel/track?wk=${WEB_KEY}&e=x&aid=a${query}`);
      expect((await answer.arrayBuffer()).byteLength).toBe(42);
      const [type, error, again] = ['content-type', 'x-signal-error', 'retry-after'].map((name) =>
        answer.headers.get(name),
      );
      return { status: answer.status, type, error, again };
    };
    try {
      expect(await image('&mid=m')).toEqual({
        status: 503,
        type: 'image/gif',
        error: 'LOG_UNAVAILABLE',
        again: '2',
      });
      expect(await image('')).toEqual({ status: 500, type: 'image/gif', error: 'INTERNAL', again: '2' });
    } finally {
      await failing.close();
    }
  });

  it('survives a query that cannot be decoded', async () => {
    expect((await get(`${opened}&p.a=%E0%A4%A&%zz=%`)).status).toBe(200);
  });

  it('does not belong to another type', async () => {
    expect((await get(opened, {}, 'alias')).status).toBe(404);
    expect((await fetch(`${gateway.url}/v1/pixel/track`, { method: 'POST' })).status).toBe(405);
  });
});

describe('the visitor of a pixel', () => {
  const anonymous = `wk=${WEB_KEY}&e=x`;

  it('is known by the cookie, or gets one, on the site’s own pages', async () => {
    const known = await get(anonymous, { cookie: '_dfid=df_known', 'sec-fetch-site': 'same-site' });
    expect(stored()).toMatchObject([{ anonymousId: 'df_known' }]);
    expect(known.headers.get('set-cookie')).toContain('_dfid=df_known;');
    const unknown = await get(anonymous, { 'sec-fetch-site': 'same-origin' });
    expect(unknown.headers.get('set-cookie')).toMatch(/^_dfid=df_[0-9a-f-]{36};/);
  });

  it('has to be named where a mail is read, and gets no cookie there', async () => {
    const inWebmail = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    expect((await get(anonymous, inWebmail)).headers.get('x-signal-error')).toBe('MISSING_IDENTITY');
    expect((await get(anonymous)).headers.get('x-signal-error')).toBe('MISSING_IDENTITY');
    const named = await get(opened, inWebmail);
    expect([named.status, named.headers.get('set-cookie')]).toEqual([200, null]);
    expect(stored()).toMatchObject([{ anonymousId: 'a_1' }]);
  });

  it('does not have the address of a mail service', async () => {
    const userAgent = 'Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)';
    await get(opened, { 'user-agent': userAgent });
    expect(stored()).toMatchObject([{ context: { ip: null, userAgent } }]);
  });

  it('is on the page that holds the image, where that is the site’s own', async () => {
    const referer = 'https://shop.example/?gclid=G1';
    await get(`wk=${WEB_KEY}&aid=a`, { referer, 'sec-fetch-site': 'same-site' }, 'page');
    await get(`wk=${WEB_KEY}&aid=a`, { referer, 'sec-fetch-site': 'cross-site' }, 'page');
    expect(stored().map(({ context }) => context.page?.url)).toEqual([referer, undefined]);
    expect(stored()[0]?.context.clickIds).toEqual({ gclid: 'G1' });
  });

  it('need not sign', async () => {
    expect((await get(`wk=${STRICT_WEB_KEY}&e=x&aid=a`)).status).toBe(200);
  });
});
