import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { LogError } from '../streams/index.ts';
import {
  directoryOf,
  MemoryLog,
  post,
  sourceOf,
  startGateway,
  type TestGateway,
  type TestOptions,
} from './testing/harness.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const MINUTE = 60_000;
const SECRET = 'sk_new';
const OLD_SECRET = 'sk_old';
const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1' };

const source = (id: string, type: 'server' | 'web', requireSignature: boolean) => ({
  source: sourceOf({ id, name: id, type, requireSignature }),
  keys: [`dk_${id}`],
  secrets: [SECRET, OLD_SECRET],
});
const config = directoryOf([
  source('strict', 'server', true),
  source('loose', 'server', false),
  source('strict_web', 'web', true),
  { source: sourceOf({ id: 'bare', name: 'bare', type: 'server' }), keys: ['dk_bare'] },
]);

let gateway: TestGateway;
let now: number;
const start = async (options: TestOptions = {}) => {
  now = NOW;
  gateway = await startGateway({ config, clock: { now: () => now }, ...options });
};
afterEach(() => gateway.close());

interface Signing {
  readonly secret?: string;
  readonly timestamp?: number | string;
  readonly over?: string;
}
function signed(body: string, { secret = SECRET, timestamp = now, over = body }: Signing = {}) {
  const digest = createHmac('sha256', secret).update(`${timestamp}.${over}`).digest('hex');
  return { 'x-signature': `sha256=${digest}`, 'x-timestamp': String(timestamp) };
}
const key = (id: string) => ({ authorization: `Bearer dk_${id}` });
const text = JSON.stringify(TRACK);
const send = (headers: Record<string, string>, body = text, path = '/v1/events') =>
  post(gateway.url + path, body, headers);
const refusal = (code: string, status = 401) => ({ status, body: { error: { code } } });

describe('a signed call', () => {
  it('is to be sent again while a secret cannot be read, since it may be good', async () => {
    const lacksSecrets = (id: string) => id === 'strict';
    await start({ config: { ...config, signingSecrets: () => [OLD_SECRET], lacksSecrets } });
    const answer = await send({ ...key('strict'), ...signed(text) });
    expect(answer).toMatchObject(refusal('SIGNATURE_UNVERIFIABLE', 503));
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await send(key('strict'))).toMatchObject(refusal('SIGNATURE_MISSING'));
    expect(await send({ ...key('loose'), ...signed(text) })).toMatchObject(refusal('SIGNATURE_INVALID'));
    expect(gateway.events()).toEqual([]);
    const withOld = { ...key('strict'), ...signed(text, { secret: OLD_SECRET }) };
    expect(await send(withOld)).toMatchObject({ status: 200 });
  });

  it.each([
    ['/v1/events', text],
    ['/v1/batch', JSON.stringify({ batch: [TRACK] })],
    ['/v1/t', text],
  ])('is taken at %s from a source that takes no others', async (path, body) => {
    await start();
    expect(await send({ ...key('strict'), ...signed(body) }, body, path)).toMatchObject({ status: 200 });
    expect(gateway.events()).toMatchObject([{ sourceId: 'strict' }]);
  });

  it('may carry its key in the body', async () => {
    await start();
    const body = JSON.stringify({ ...TRACK, pipelineKey: 'dk_strict' });
    expect(await send(signed(body), body)).toMatchObject({ status: 200 });
  });

  it('may be compressed, and is then signed as it is sent', async () => {
    await start();
    const body = gzipSync(text);
    const digest = createHmac('sha256', SECRET).update(`${now}.`).update(body).digest('hex');
    const headers = {
      'x-signature': `sha256=${digest}`,
      'x-timestamp': String(now),
      'content-encoding': 'gzip',
    };
    expect(await post(`${gateway.url}/v1/events`, body, { ...key('strict'), ...headers })).toMatchObject({
      status: 200,
    });
    expect(gateway.events()).toHaveLength(1);
  });

  it('may use either secret while one takes the place of the other', async () => {
    await start();
    const withOld = { ...key('strict'), ...signed(text, { secret: OLD_SECRET }) };
    expect(await send(withOld)).toMatchObject({ status: 200 });
  });

  it.each([-5 * MINUTE, 5 * MINUTE])('may come from a clock that is %d ms off', async (offset) => {
    await start();
    const headers = { ...key('strict'), ...signed(text, { timestamp: NOW + offset }) };
    expect(await send(headers)).toMatchObject({ status: 200 });
  });

  it.each([-5 * MINUTE - 1, 5 * MINUTE + 1])('is refused from one that is %d ms off', async (offset) => {
    await start();
    const headers = { ...key('strict'), ...signed(text, { timestamp: NOW + offset }) };
    expect(await send(headers)).toMatchObject(refusal('SIGNATURE_EXPIRED'));
  });

  it('is taken once', async () => {
    await start();
    const headers = { ...key('strict'), ...signed(text) };
    expect(await send(headers)).toMatchObject({ status: 200 });
    now += 4 * MINUTE;
    expect(await send(headers)).toMatchObject(refusal('SIGNATURE_REPLAYED', 409));
    expect(gateway.events()).toHaveLength(1);
  });

  it('that another process takes again has the same messageIds, so that its events are known for the same', async () => {
    await start();
    const body = JSON.stringify({ batch: [TRACK, { ...TRACK, messageId: 'evt_own' }, TRACK] });
    const headers = { ...key('strict'), ...signed(body) };
    const other = await startGateway({ config, clock: { now: () => now } });
    expect(await send(headers, body, '/v1/batch')).toMatchObject({ status: 200 });
    expect(await post(`${other.url}/v1/batch`, body, headers)).toMatchObject({ status: 200 });
    const ids = gateway.events().map(({ event }) => event.messageId);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe('evt_own');
    expect(other.events().map(({ event }) => event.messageId)).toEqual(ids);
    now++;
    await post(`${other.url}/v1/batch`, body, { ...key('strict'), ...signed(body) });
    expect(other.events()[3]?.event.messageId).not.toBe(ids[0]);
    await other.close();
  });

  it('is taken once of many at the same time', async () => {
    await start();
    const headers = { ...key('strict'), ...signed(text) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(gateway.events()).toHaveLength(1);
  });

  it('may come again as it was when it was not stored', async () => {
    const log = new MemoryLog();
    let down = true;
    const append: MemoryLog['append'] = (records) =>
      down ? Promise.reject(new LogError('UNAVAILABLE', 'down')) : log.append(records);
    await start({ log: { append } });
    const headers = { ...key('strict'), ...signed(text) };
    expect(await send(headers)).toMatchObject(refusal('LOG_UNAVAILABLE', 503));
    down = false;
    expect(await send(headers)).toMatchObject({ status: 200 });
  });

  it.each<[string, Signing & { headers?: Record<string, string> }]>([
    ['another secret', { secret: 'sk_wrong' }],
    ['another body', { over: text.replace('df_1', 'df_2') }],
    ['a digest cut short', { headers: { 'x-signature': 'sha256=00' } }],
    ['a digest of another kind', { headers: { 'x-signature': `sha1=${'0'.repeat(40)}` } }],
    ['no digest', { headers: { 'x-signature': '' } }],
    ['another timestamp', { headers: { 'x-timestamp': String(NOW + 1) } }],
    ['a timestamp in words', { timestamp: 'now' }],
    ['a timestamp with a sign', { timestamp: `+${NOW}` }],
    ['an endless timestamp', { timestamp: '9'.repeat(400) }],
  ])('is refused with %s', async (_what, { headers, ...signing }) => {
    await start();
    const answer = await send({ ...key('loose'), ...signed(text, signing), ...headers });
    expect(answer).toMatchObject(refusal('SIGNATURE_INVALID'));
    expect(gateway.events()).toEqual([]);
  });

  it('is refused without a timestamp, and by a source that has no secret', async () => {
    await start();
    const { 'x-signature': signature } = signed(text);
    const withoutTime = { ...key('strict'), 'x-signature': signature };
    expect(await send(withoutTime)).toMatchObject(refusal('SIGNATURE_INVALID'));
    const toBare = { ...key('bare'), ...signed(text) };
    expect(await send(toBare)).toMatchObject(refusal('SIGNATURE_INVALID'));
  });

  it('that is wrong is refused before its body is parsed', async () => {
    await start();
    const headers = { ...key('strict'), ...signed('{', { secret: 'sk_wrong' }) };
    expect(await send(headers, '{')).toMatchObject(refusal('SIGNATURE_INVALID'));
  });

  it('never has its secret in an answer or a log line', async () => {
    await start();
    const { body } = await send({ ...key('strict'), ...signed(text, { secret: 'sk_wrong' }) });
    expect(JSON.stringify(body) + gateway.logged.join('')).not.toMatch(/sk_/);
  });
});

describe('a call that is not signed', () => {
  it.each(['/v1/events', '/v1/batch', '/v1/t', '/v1/track', '/v1/import'])(
    'is refused at %s by a source that takes only signed ones',
    async (path) => {
      await start();
      expect(await send(key('strict'), text, path)).toMatchObject(refusal('SIGNATURE_MISSING'));
    },
  );

  it('is taken by any other source', async () => {
    await start();
    expect(await send(key('loose'))).toMatchObject({ status: 200 });
  });

  it('is taken from the pages of a web source, whose servers have to sign', async () => {
    await start();
    const fromPage = { ...key('strict_web'), origin: 'https://shop.example' };
    expect(await send(fromPage)).toMatchObject({ status: 200 });
    expect(await send(key('strict_web'))).toMatchObject(refusal('SIGNATURE_MISSING'));
    const signedCall = { ...key('strict_web'), ...signed(text) };
    expect(await send(signedCall)).toMatchObject({ status: 200 });
  });
});
