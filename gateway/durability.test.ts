import { afterEach, describe, expect, it, vi } from 'vitest';
import { LogError, type OutgoingRecord, type RecordPosition } from '../streams/index.ts';
import {
  MemoryLog,
  post,
  SERVER_KEY,
  startGateway,
  type TestGateway,
  type TestOptions,
} from './testing/harness.ts';

const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1' };
const BEARER = { authorization: `Bearer ${SERVER_KEY}` };

/** Appends wait until they are let through. */
class SlowLog extends MemoryLog {
  readonly waiting: (() => void)[] = [];

  override async append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.append(records);
  }
}

let gateway: TestGateway;
const start = async (options: TestOptions = {}) => {
  gateway = await startGateway(options);
};
afterEach(() => gateway.close());

const track = () => post(`${gateway.url}/v1/t`, TRACK, BEARER);

describe('an acknowledgement', () => {
  it('waits for the log', async () => {
    const log = new SlowLog();
    await start({ log });
    let answered = false;
    const answer = track().finally(() => {
      answered = true;
    });
    await vi.waitFor(() => expect(log.waiting).toHaveLength(1));
    // Another request comes and goes meanwhile, so the first had its chance.
    await fetch(`${gateway.url}/healthz`);
    expect(answered).toBe(false);
    log.waiting[0]?.();
    expect((await answer).status).toBe(200);
  });

  it.each([
    ['one event', '/v1/t', TRACK],
    ['a batch', '/v1/batch', { batch: [TRACK, TRACK, { type: 'bad' }] }],
  ])(
    'is refused for %s when the log fails, and nothing in it counts as accepted',
    async (_what, path, body) => {
      await start({ log: { append: () => Promise.reject(new LogError('UNAVAILABLE', 'disk full')) } });
      const answer = await post(gateway.url + path, body, BEARER);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'LOG_UNAVAILABLE' } } });
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(answer.body).not.toHaveProperty('accepted');
      const metrics = await gateway.register.metrics();
      expect(metrics).not.toMatch(/events_accepted_total\{/);
      expect(metrics).toMatch(
        /events_rejected_total\{source="src_server",endpoint="[^"]+",reason="LOG_UNAVAILABLE"\} [12]/,
      );
    },
  );

  it('comes again once the log is back, and the outage is logged once', async () => {
    const log = new MemoryLog();
    let down = true;
    await start({
      log: { append: (records) => (down ? Promise.reject(new Error('down')) : log.append(records)) },
    });
    expect([(await track()).status, (await track()).status]).toEqual([503, 503]);
    down = false;
    expect([(await track()).status, (await track()).status]).toEqual([200, 200]);
    expect(log.records).toHaveLength(2);
    expect(gateway.logged.map((line) => JSON.parse(line).msg)).toEqual([
      'the log does not take events; their senders are told to try again',
      'the log takes events again',
    ]);
  });

  it('tells an event too large for the log from a log that is down', async () => {
    await start({ log: { append: () => Promise.reject(new LogError('RECORD_TOO_LARGE', '2 MB')) } });
    expect(await track()).toMatchObject({ status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } });
  });

  it('is given to every request in flight when the gateway closes', async () => {
    const log = new SlowLog();
    await start({ log });
    const answer = track();
    await vi.waitFor(() => expect(log.waiting).toHaveLength(1));
    const closed = gateway.close();
    log.waiting[0]?.();
    expect((await answer).status).toBe(200);
    await closed;
  });
});

describe('a failure inside the gateway', () => {
  it('is logged without the event, and answered without its cause', async () => {
    await start({
      rawEventSerde: {
        serialize: () => {
          throw new Error('serde is broken');
        },
      },
    });
    const answer = await post(
      `${gateway.url}/v1/t`,
      { ...TRACK, traits: { email: 'jane@example.com' } },
      BEARER,
    );
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } });
    expect(JSON.stringify(answer.body)).not.toContain('serde');
    expect(gateway.logged).toHaveLength(1);
    expect(gateway.logged[0]).toContain('serde is broken');
    expect(gateway.logged[0]).not.toMatch(/jane|dk_live/);
  });
});

describe('a log that is too slow', () => {
  it('makes the gateway refuse what would not fit into memory, and accept again afterwards', async () => {
    const log = new SlowLog();
    const size = JSON.stringify(TRACK).length;
    await start({ log, settings: { maxPendingBytes: size * 2 } });
    const first = track();
    const second = track();
    await vi.waitFor(() => expect(log.waiting).toHaveLength(2));
    expect(await gateway.register.metrics()).toContain(`signal_gateway_pending_bytes ${size * 2}`);

    const refused = await track();
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'OVERLOADED' } } });
    expect(refused.headers.get('retry-after')).toBe('2');

    for (const letThrough of log.waiting) letThrough();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    const third = track();
    await vi.waitFor(() => expect(log.waiting).toHaveLength(3));
    log.waiting[2]?.();
    expect((await third).status).toBe(200);
    expect(await gateway.register.metrics()).toContain('signal_gateway_pending_bytes 0');
  });
});

describe('too many requests', () => {
  it('of one address are refused before their bodies are read, and of no other', async () => {
    let now = 1_000_000;
    await start({
      clock: { now: () => now },
      settings: { rateLimitIpRps: 2, trustedProxies: ['127.0.0.1'] },
    });
    const from = (address: string, body: unknown = TRACK) =>
      post(`${gateway.url}/v1/t`, body, { ...BEARER, 'x-forwarded-for': address });
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.1', '{')).status]).toEqual([200, 400]);
    const refused = await from('192.0.2.1', '{');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'ADDRESS_RATE_LIMITED' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await from('192.0.2.2')).status).toBe(200);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);

    const v6 = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'];
    const statuses: number[] = [];
    for (const address of v6) statuses.push((await from(address)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    now += 1000;
    expect((await from('192.0.2.1')).status).toBe(200);
  });

  it('of an address can be read by the page that made them', async () => {
    await start({ clock: { now: () => 1_000_000 }, settings: { rateLimitIpRps: 1 } });
    const origin = { origin: 'https://shop.example' };
    await post(`${gateway.url}/v1/t`, TRACK, { ...BEARER, ...origin });
    const refused = await post(`${gateway.url}/v1/t`, TRACK, { ...BEARER, ...origin });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  it('are refused per source until its bucket fills again', async () => {
    let now = 1_000_000;
    await start({ clock: { now: () => now }, settings: { rateLimitRps: 2 } });
    expect([(await track()).status, (await track()).status]).toEqual([200, 200]);
    const refused = await track();
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await post(`${gateway.url}/v1/t`, TRACK, { authorization: 'Bearer dk_live_app' })).status).toBe(
      200,
    );
    now += 500;
    expect([(await track()).status, (await track()).status]).toEqual([200, 429]);
  });

  it.each([
    ['a header', BEARER, '{'],
    ['the beginning of the body', { 'content-type': 'text/plain' }, '{"pipelineKey":"dk_live_server",'],
  ])(
    'of a source are refused before their bodies are parsed, with the key in %s',
    async (_, headers, body) => {
      await start({ clock: { now: () => 1_000_000 }, settings: { rateLimitRps: 1 } });
      const codes: unknown[] = [];
      for (let i = 0; i < 2; i++) codes.push((await post(`${gateway.url}/v1/t`, body, headers)).body);
      expect(codes).toMatchObject([{ error: { code: 'INVALID_JSON' } }, { error: { code: 'RATE_LIMITED' } }]);
    },
  );
});
