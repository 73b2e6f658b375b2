import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findVendor, type JsonObject, type Outcome, type VendorDefinition } from '../integrations/index.ts';
import type { DeliveryResult } from '../schemas/index.ts';
import type { Log } from '../streams/index.ts';
import { type BenchOptions, DeliveryBench } from './testing/delivery-bench.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { deliveryRequest, INTEGRATION, readRecords, TOPICS } from './testing/storage.ts';
import { hang, startVendor, type VendorServer } from './testing/vendor-server.ts';

let vendor: VendorServer;
let clock: ManualClock;
const benches: DeliveryBench[] = [];

beforeEach(async () => {
  vendor = await startVendor();
  clock = new ManualClock();
});

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
  await vendor.close();
});

function definitionOf(key: string): VendorDefinition {
  const definition = findVendor(key);
  if (definition === undefined) throw new Error(`no vendor ${key}`);
  return definition;
}

async function open(options: Partial<BenchOptions> = {}): Promise<DeliveryBench> {
  const bench = await DeliveryBench.open({
    definition: definitionOf('webhook'),
    settings: { url: `${vendor.url}/hook` },
    clock,
    ...options,
  });
  benches.push(bench);
  return bench;
}

const dreamdata = (): Partial<BenchOptions> => ({
  definition: definitionOf('dreamdata'),
  settings: { endpoint: vendor.url },
  secrets: { api_key: 'key-123456' },
});

const batched = (settings: JsonObject = {}): Partial<BenchOptions> => ({
  settings: { url: `${vendor.url}/hook`, batch_enabled: true, batch_interval_ms: 0, ...settings },
});

const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 60_000, interval: 5 });

const ids = (body: string): string[] =>
  JSON.parse(body).batch.map((item: { readonly messageId: string }) => item.messageId);

const requests = (...messageIds: string[]) => messageIds.map((id) => deliveryRequest(id));

const numbered = (count: number, payload: JsonObject = {}) =>
  Array.from({ length: count }, (_, index) => deliveryRequest(`evt_${index}`, payload));

/** The log as retention would leave it. */
function withoutRecordsBefore(log: Log, start: number): Log {
  const rest: Log = Object.create(log);
  rest.offsets = async (topic) => (await log.offsets(topic)).map((each) => ({ ...each, start }));
  rest.read = (options) => log.read({ ...options, from: Math.max(options.from, start) });
  rest.openTask = (options) => log.openTask(options);
  rest.consume = (options) => log.consume(options);
  rest.createTopics = (specs) => log.createTopics(specs);
  return rest;
}

/** The last result of each event. */
function outcomes(results: readonly DeliveryResult[]): Record<string, string> {
  const attempts = [...results].sort((a, b) => a.attempts - b.attempts);
  return Object.fromEntries(attempts.map(({ messageId, status, reason }) => [messageId, reason ?? status]));
}

describe('a delivery worker', () => {
  test('sends what is in the topic as one batch with credentials, and records that it was delivered', async () => {
    const bench = await open(dreamdata());
    await bench.append(...requests('a', 'b'));
    await bench.start();
    await until(() => {
      clock.advance(20);
      expect(vendor.received).toHaveLength(1);
    });
    const results = await bench.resultsWhen(2);
    const [request] = vendor.received;
    expect(request).toMatchObject({ method: 'POST', url: '/v1/batch' });
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('key-123456:').toString('base64')}`);
    expect(ids(request?.body ?? '')).toEqual(['a', 'b']);
    expect(results).toHaveLength(2);
    expect(results[0]).toEqual({
      messageId: 'a',
      integrationId: INTEGRATION,
      pipelineId: 'pip_1',
      sourceId: 'src_1',
      status: 'delivered',
      reason: null,
      detail: null,
      attempts: 1,
      httpStatus: 200,
      latencyMs: expect.any(Number),
      nextAttemptAt: null,
      deduplicationId: 'a',
      decidedAt: expect.any(Number),
      raw: { topic: 'raw-events', partition: 0, offset: 0 },
    });
    const [record] = await readRecords(bench.log, TOPICS.results);
    expect(record?.key?.toString()).toBe('int_1:a');
    expect(record?.headers.map(([name, value]) => [name, value.toString()])).toEqual([
      ['message-id', 'a'],
      ['integration-id', 'int_1'],
    ]);
    expect(await bench.deadLetters()).toEqual([]);
  });

  test('waits for more events as long as the vendor’s limits say, but not when a request is full', async () => {
    const bench = await open(batched({ batch_size: 3, batch_interval_ms: 5_000 }));
    await bench.start();
    await bench.append(...numbered(4));
    await until(() => expect(vendor.received).toHaveLength(1));
    expect(ids(vendor.received[0]?.body ?? '')).toHaveLength(3);
    clock.advance(4_999);
    await bench.resultsWhen(3);
    expect(vendor.received).toHaveLength(1);
    clock.advance(1);
    await until(() => expect(vendor.received).toHaveLength(2));
    expect(ids(vendor.received[1]?.body ?? '')).toEqual(['evt_3']);
  });

  test('repeats a failed request byte for byte, with growing waits', async () => {
    const answers = [500, 502, 200];
    vendor.answer(() => ({ status: answers.shift() ?? 200, body: 'sorry' }));
    const bench = await open(batched());
    await bench.append(...requests('a', 'b'));
    await bench.start();

    const [first] = await bench.resultsWhen(2);
    expect(first).toMatchObject({ status: 'retrying', reason: 'HTTP_500', detail: 'sorry', attempts: 1 });
    // Half of the ceilings, 4 s and 16 s.
    expect(first?.nextAttemptAt).toBe(clock.now() + 2_000);
    clock.advance(1_999);
    expect(vendor.received).toHaveLength(1);
    clock.advance(1);
    const second = (await bench.resultsWhen(4))[2];
    expect(second).toMatchObject({ status: 'retrying', attempts: 2, nextAttemptAt: clock.now() + 8_000 });
    clock.advance(8_000);
    const results = await bench.resultsWhen(6);
    expect(outcomes(results)).toEqual({ a: 'delivered', b: 'delivered' });
    expect(results[5]).toMatchObject({ attempts: 3, httpStatus: 200 });
    expect(new Set(vendor.received.map(({ body }) => body)).size).toBe(1);
  });

  test('gives an event up after the last attempt, whole, so that it can be driven again', async () => {
    vendor.answer(() => ({ status: 503, body: '{"error":"down"}' }));
    const bench = await open({ settings: { url: vendor.url, max_retries: 2 } });
    await bench.append(...requests('a'));
    await bench.start();
    for (let attempt = 1; attempt < 3; attempt++) {
      await bench.resultsWhen(attempt);
      clock.advance(60_000);
    }
    const results = await bench.resultsWhen(3);
    expect(results.map(({ status }) => status)).toEqual(['retrying', 'retrying', 'dead']);
    expect(results[2]).toMatchObject({ reason: 'HTTP_503', detail: '{"error":"down"}', attempts: 3 });
    expect(await bench.deadLetters()).toEqual([{ request: deliveryRequest('a'), result: results[2] }]);
  });

  test.each([
    ['seconds', () => '30'],
    ['an HTTP date', () => new Date(clock.now() + 30_000).toUTCString()],
  ])('waits as long as the vendor asks for, in %s, with everything', async (_, retryAfter) => {
    vendor.answer(() => ({ status: 429, headers: { 'retry-after': retryAfter() } }));
    const bench = await open();
    await bench.start();
    await bench.append(...requests('a'));
    const [result] = await bench.resultsWhen(1);
    expect(result).toMatchObject({
      status: 'retrying',
      reason: 'HTTP_429',
      nextAttemptAt: clock.now() + 30_000,
    });

    vendor.answer(() => ({ status: 200 }));
    await bench.append(...requests('b'));
    await until(async () => {
      const [committed] = await bench.log.committed(`signal-delivery-${INTEGRATION}`);
      expect(committed?.metadata).toContain('"claimed":2');
    });
    clock.advance(29_999);
    // By the time these have gone to the vendor and back, a request for `b` would have got there too.
    for (let i = 0; i < 3; i++) await fetch(`${vendor.url}/marker`);
    expect(vendor.received.filter(({ url }) => url === '/hook')).toHaveLength(1);
    clock.advance(1);
    expect(outcomes(await bench.resultsWhen(3))).toEqual({ a: 'delivered', b: 'delivered' });
  });

  test.each([401, 403, 404, 302])(
    'gives up at once when the configuration is at fault: %i',
    async (status) => {
      vendor.answer(() => ({ status, body: 'bad key: key-123456 ' }));
      const bench = await open(dreamdata());
      await bench.append(...requests('a', 'b'));
      await bench.start();
      await until(() => {
        clock.advance(20);
        expect(vendor.received).toHaveLength(1);
      });
      const results = await bench.resultsWhen(2);
      expect(results).toMatchObject([
        {
          status: 'dead',
          reason: `HTTP_${status}`,
          detail: 'bad key: [redacted]',
          attempts: 1,
          httpStatus: status,
        },
        { status: 'dead' },
      ]);
      expect(await bench.deadLetters()).toHaveLength(2);
    },
  );

  test('retries when there is no answer', async () => {
    const nowhere = await startVendor();
    await nowhere.close();
    const bench = await open({ settings: { url: nowhere.url } });
    await bench.append(...requests('a'));
    await bench.start();
    expect(await bench.resultsWhen(1)).toMatchObject([
      { status: 'retrying', reason: 'NETWORK_ERROR', detail: '127.0.0.1: ECONNREFUSED', httpStatus: null },
    ]);
  });

  test('gives up on a private address', async () => {
    const bench = await open({ settings: { url: 'http://10.1.2.3/' } });
    await bench.append(...requests('a'));
    await bench.start();
    expect(await bench.resultsWhen(1)).toMatchObject([
      { status: 'dead', reason: 'ADDRESS_REFUSED', attempts: 1 },
    ]);
  });

  test('retries when the credentials cannot be had', async () => {
    const secretsOf = () => Promise.reject(new Error('sealed with key-123456'));
    const bench = await open({ environment: { secretsOf } });
    await bench.append(...requests('a'));
    await bench.start();
    const [result] = await bench.resultsWhen(1);
    expect(result).toMatchObject({ status: 'retrying', reason: 'CREDENTIALS_UNAVAILABLE' });
    expect(JSON.stringify(result)).not.toContain('key-123456');
    expect(vendor.received).toHaveLength(0);
  });

  test('decides each event of a batch by itself when the vendor answers for each', async () => {
    const outcomeOf: Record<string, Outcome> = {
      ok: { kind: 'delivered' },
      bad: { kind: 'dead', reason: 'INVALID_EMAIL', detail: 'no @' },
      busy: { kind: 'retry', reason: 'LOCKED', detail: '' },
    };
    const definition: VendorDefinition = {
      ...definitionOf('webhook'),
      classify: (response) => ({
        kind: 'each',
        outcomes: response.body.split(',').map((name) => outcomeOf[name] ?? { kind: 'delivered' }),
      }),
    };
    vendor.answer(({ body }) => ({ status: 200, body: ids(body).length === 3 ? 'ok,bad,busy' : 'ok' }));
    const bench = await open({ definition, ...batched() });
    await bench.append(...requests('a', 'b', 'c'));
    await bench.start();
    expect(outcomes(await bench.resultsWhen(3))).toEqual({ a: 'delivered', b: 'INVALID_EMAIL', c: 'LOCKED' });
    clock.advance(2_000);
    expect(outcomes(await bench.resultsWhen(4))).toEqual({
      a: 'delivered',
      b: 'INVALID_EMAIL',
      c: 'delivered',
    });
    const [first, second] = vendor.received.map(({ body }) => JSON.parse(body));
    expect(ids(JSON.stringify(second))).toEqual(['c']);
    expect(second.batchId).not.toBe(first.batchId);
  });

  test('tries again when the answer does not match the batch', async () => {
    const definition: VendorDefinition = {
      ...definitionOf('webhook'),
      classify: ({ body }) => (body === 'throw' ? JSON.parse('{') : { kind: 'each', outcomes: [] }),
    };
    const answers = ['throw', 'too few'];
    vendor.answer(() => ({ status: 200, body: answers.shift() ?? '' }));
    const bench = await open({ definition });
    await bench.append(...requests('a'));
    await bench.start();
    expect(await bench.resultsWhen(1)).toMatchObject([{ status: 'retrying', reason: 'ANSWER_UNREADABLE' }]);
    clock.advance(2_000);
    expect(await bench.resultsWhen(2)).toMatchObject([
      {},
      { status: 'retrying', reason: 'ANSWER_UNREADABLE' },
    ]);
  });

  test('keeps every request under the vendor’s size limit', async () => {
    const bench = await open({ ...dreamdata(), partitions: 2 });
    const events = numbered(1_500, { text: 'ž'.repeat(500) });
    await bench.append(...events);
    await bench.start();
    await until(async () => {
      clock.advance(20);
      expect(await bench.results()).toHaveLength(1_500);
    });
    for (const { body } of vendor.received) expect(Buffer.byteLength(body)).toBeLessThan(500_000);
    const sent = vendor.received.flatMap(({ body }) => ids(body));
    expect(new Set(sent).size).toBe(1_500);
    expect(sent).toHaveLength(1_500);
    expect(vendor.received.length).toBeLessThan(8);
  });

  test('does not send an event that is too large alone, and goes on with the next', async () => {
    const bench = await open(dreamdata());
    await bench.append(
      ...requests('a'),
      deliveryRequest('large', { text: 'x'.repeat(500_000) }),
      ...requests('b'),
    );
    await bench.start();
    await until(() => {
      clock.advance(20);
      expect(vendor.received.length).toBeGreaterThan(0);
    });
    await until(async () => {
      clock.advance(20);
      expect(await bench.results()).toHaveLength(3);
    });
    expect(outcomes(await bench.results())).toEqual({
      a: 'delivered',
      large: 'PAYLOAD_TOO_LARGE',
      b: 'delivered',
    });
    expect((await bench.results()).find(({ messageId }) => messageId === 'large')).toMatchObject({
      attempts: 0,
      httpStatus: null,
      status: 'dead',
    });
    expect(await bench.deadLetters()).toHaveLength(1);
    expect(vendor.received.flatMap(({ body }) => ids(body)).sort()).toEqual(['a', 'b']);
  });

  test('splits a batch the vendor finds too large until it fits', async () => {
    vendor.answer(({ body }) => ({ status: ids(body).length > 3 || body.includes('huge') ? 413 : 200 }));
    const bench = await open(batched());
    await bench.append(...numbered(9), deliveryRequest('huge'));
    await bench.start();
    await until(async () => {
      clock.advance(1);
      expect(await bench.results()).toHaveLength(10);
    });
    const results = await bench.results();
    const dead = results.filter(({ status }) => status === 'dead');
    expect(dead).toMatchObject([{ messageId: 'huge', reason: 'PAYLOAD_TOO_LARGE', httpStatus: 413 }]);
    expect(results.filter(({ status }) => status === 'delivered')).toHaveLength(9);
    const seen = vendor.received.map(({ body }) => JSON.parse(body).batchId);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('finds the one event for which a vendor refuses a whole batch', async () => {
    vendor.answer(({ body }) =>
      body.includes('evt_37') ? { status: 400, body: 'bad item' } : { status: 200 },
    );
    const bench = await open(batched());
    await bench.append(...numbered(100));
    await bench.start();
    await until(async () => {
      clock.advance(1);
      expect(await bench.results()).toHaveLength(100);
    });
    const dead = (await bench.results()).filter(({ status }) => status !== 'delivered');
    expect(dead).toMatchObject([
      { messageId: 'evt_37', status: 'dead', reason: 'HTTP_400', detail: 'bad item' },
    ]);
    expect(vendor.received.length).toBeLessThan(20);
  });

  test('is not held up by an event that always fails', async () => {
    vendor.answer(({ body }) => ({ status: body.includes('evt_0') ? 500 : 200 }));
    const bench = await open();
    await bench.append(...numbered(50));
    await bench.start();
    const results = await bench.resultsWhen(50);
    expect(results.filter(({ status }) => status === 'delivered')).toHaveLength(49);
    const committed = await bench.log.committed(`signal-delivery-${INTEGRATION}`);
    await until(async () =>
      expect(await bench.log.committed(`signal-delivery-${INTEGRATION}`)).toMatchObject([{ offset: 50 }]),
    );
    expect(committed).toHaveLength(1);
  });

  test('never has more requests at a slow vendor than allowed, retries included', async () => {
    const bench = await open({ partitions: 3, environment: { maxRequests: 5 } });
    let slow = true;
    vendor.answer(async () => {
      await until(() => expect(slow).toBe(false));
      return { status: Math.random() < 0.3 ? 500 : 200 };
    });
    await bench.append(
      ...Array.from({ length: 200 }, (_, i) => ({ ...deliveryRequest(`m${i}`), anonymousId: `v${i}` })),
    );
    await bench.start();
    await until(() => expect(vendor.open).toBe(5));
    slow = false;
    await until(async () => {
      clock.advance(4_000);
      const delivered = (await bench.results()).filter(({ status }) => status !== 'retrying');
      expect(delivered).toHaveLength(200);
    });
    expect(vendor.mostOpen).toBe(5);
  });

  test('serves every partition, however long the backlog of one is', async () => {
    const bench = await open({ partitions: 3, environment: { maxRequests: 2 } });
    const events = Array.from({ length: 300 }, (_, i) => ({
      ...deliveryRequest(`m${i}`),
      anonymousId: `v${i}`,
    }));
    await bench.append(...events);
    // Nothing is answered before all of them have something to send, so that none starts behind the others.
    const [log, begun] = [withoutRecordsBefore(bench.log, 0), new Set<number>()];
    log.consume = (options) =>
      bench.log.consume({
        ...options,
        onRecords: (records) => {
          for (const { partition } of records) begun.add(partition);
          return options.onRecords(records);
        },
      });
    let letGo = 150;
    vendor.answer(async () => {
      await until(() => expect(begun.size).toBe(3));
      return letGo-- > 0 ? { status: 200 } : hang();
    });
    await bench.start(log);
    await bench.resultsWhen(150);
    const group = await until(async () => {
      const committed = await bench.log.committed(`signal-delivery-${INTEGRATION}`);
      expect(committed).toHaveLength(3);
      return committed;
    });
    // Half of the events: one partition after the other, the last would have none of them yet.
    for (const { offset } of group) expect(offset).toBeGreaterThan(0);
  });

  test('sets a record aside that cannot be read, with its bytes and the reason', async () => {
    const bench = await open();
    await bench.append(...requests('a'));
    const topic = TOPICS.requests(INTEGRATION);
    await bench.log.append([{ topic, key: null, value: Buffer.from('junk'), timestamp: 5, headers: [] }]);
    await bench.append(...requests('b'));
    await bench.start();
    expect(outcomes(await bench.resultsWhen(2))).toEqual({ a: 'delivered', b: 'delivered' });
    const records = await readRecords(bench.log, TOPICS.unprocessable);
    expect(records).toHaveLength(1);
    expect(records[0]?.value?.toString()).toBe('junk');
    expect(records[0]?.headers.map(([name]) => name)).toContain('error-message');
    expect(bench.errors).toEqual([]);
  });

  test('counts what it does', async () => {
    const answers = [500, 200, 401];
    vendor.answer(() => ({ status: answers.shift() ?? 200 }));
    const bench = await open({ environment: { maxRequests: 1 } });
    await bench.append(...requests('a', 'b', 'c'));
    await bench.start();
    await bench.resultsWhen(3);
    await until(async () => {
      const text = await bench.metrics.metrics();
      for (const line of [
        'signal_delivery_requests_total{integration="int_1",status="2xx"} 1',
        'signal_delivery_requests_total{integration="int_1",status="4xx"} 1',
        'signal_delivery_requests_total{integration="int_1",status="5xx"} 1',
        'signal_delivery_events_total{integration="int_1",outcome="delivered"} 1',
        'signal_delivery_events_total{integration="int_1",outcome="retrying"} 1',
        'signal_delivery_events_total{integration="int_1",outcome="dead"} 1',
        'signal_delivery_request_duration_seconds_count{integration="int_1"} 3',
        'signal_delivery_waiting{integration="int_1"} 1',
        'signal_delivery_in_flight{integration="int_1"} 0',
      ]) {
        expect(text).toContain(line);
      }
    });
  });
});

describe('after a restart', () => {
  test('nothing decided is sent again, and what was under way is sent as it was', async () => {
    const bench = await open({ ...batched({ batch_size: 5 }), environment: { maxRequests: 4 } });
    await bench.append(...numbered(40));
    // The second and the fourth batch get no answer.
    vendor.answer(({ body }) => (/"evt_(5|15)"/.test(body) ? hang() : { status: 200 }));
    await bench.start();
    await bench.resultsWhen(30);
    const before = vendor.received.map(({ body }) => body);
    await bench.stop();
    const committed = await bench.log.committed(`signal-delivery-${INTEGRATION}`);
    expect(committed).toMatchObject([{ offset: 5 }]);

    vendor.answer(() => ({ status: 200 }));
    await bench.start();
    expect(await bench.resultsWhen(40)).toHaveLength(40);
    const after = vendor.received.slice(before.length).map(({ body }) => body);
    expect(after).toHaveLength(2);
    for (const body of after) expect(before).toContain(body);
    await until(async () =>
      expect(await bench.log.committed(`signal-delivery-${INTEGRATION}`)).toMatchObject([{ offset: 40 }]),
    );
  });

  test('what waits for a retry still waits, and counts its attempts', async () => {
    vendor.answer(() => ({ status: 500 }));
    const bench = await open(batched());
    await bench.append(...requests('a', 'b'));
    await bench.start();
    await bench.resultsWhen(2);
    await bench.stop();
    expect(await bench.metrics.metrics()).toContain('signal_delivery_waiting{integration="int_1"} 0');

    await bench.start();
    await until(async () =>
      expect(await bench.metrics.metrics()).toContain('signal_delivery_waiting{integration="int_1"} 2'),
    );
    clock.advance(1_999);
    await bench.append(...requests('c'));
    await bench.resultsWhen(3);
    expect(vendor.received).toHaveLength(2);
    vendor.answer(() => ({ status: 200 }));
    clock.advance(1);
    const results = await bench.resultsWhen(5);
    expect(results.filter(({ attempts }) => attempts === 2)).toMatchObject([
      { messageId: 'a' },
      { messageId: 'b' },
    ]);
    expect(vendor.received[2]?.body).toBe(vendor.received[0]?.body);
  });

  test('what retention has left of a batch is sent as another batch', async () => {
    const bench = await open(batched());
    vendor.answer(hang);
    await bench.append(...requests('a', 'b', 'c'));
    await bench.start();
    await until(() => expect(vendor.received).toHaveLength(1));
    await bench.stop();

    vendor.answer(() => ({ status: 200 }));
    await bench.start(withoutRecordsBefore(bench.log, 2));
    expect(outcomes(await bench.resultsWhen(1))).toEqual({ c: 'delivered' });
    const [first, second] = vendor.received.map(({ body }) => JSON.parse(body));
    expect(second.batchId).not.toBe(first.batchId);
    await bench.append(...requests('d'));
    expect(outcomes(await bench.resultsWhen(2))).toEqual({ c: 'delivered', d: 'delivered' });
    expect(await bench.metrics.metrics()).toContain('signal_delivery_waiting{integration="int_1"} 0');
  });

  test('a request that ends within the grace period is settled', async () => {
    const bench = await open({ environment: { closeGraceMs: 60_000 } });
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    vendor.answer(() => released.then(() => ({ status: 200 })));
    await bench.append(...requests('a'));
    await bench.start();
    await until(() => expect(vendor.open).toBe(1));
    const stopped = bench.stop();
    release();
    await stopped;
    expect(outcomes(await bench.results())).toEqual({ a: 'delivered' });
  });
});

test('partitions that go to another worker and come back are delivered all the same', async () => {
  const bench = await open({ partitions: 2, environment: { maxRequests: 1 } });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  vendor.answer(() => released.then(() => ({ status: 200 })));
  const of = (anonymousId: string) => ({ ...deliveryRequest(`of_${anonymousId}`), anonymousId });
  await bench.append(...['a', 'b', 'c', 'd', 'e', 'f'].map(of));
  await bench.start();
  for (let round = 1; round <= 3; round++) {
    await until(() => expect(vendor.open).toBe(1));
    const other = await bench.startWorker();
    await until(() => expect(vendor.open).toBe(2));
    await other.close();
  }
  release();
  const results = await bench.resultsWhen(6);
  expect(results.map(({ status }) => status)).toEqual(Array(6).fill('delivered'));
});
