import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Log } from '../streams/index.ts';
import { type DeliverableIntegration, DeliveryManager } from './delivery-manager.ts';
import { httpClient } from './http/client.ts';
import { deliveryMetrics } from './metrics.ts';
import type { DeliverySerdes } from './records.ts';
import { DEFAULT_SCHEDULE } from './retry-schedule.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { deliveryRequest, deliverySerdes, openDeliveryLog, TOPICS } from './testing/storage.ts';
import { startVendor, type VendorServer } from './testing/vendor-server.ts';

let directory: string;
let log: Log;
let vendor: VendorServer;
let serdes: DeliverySerdes;
let manager: DeliveryManager;
let integrations: DeliverableIntegration[];
let changed: () => void;
let errors: string[];
const clock = new ManualClock();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-delivery-'));
  log = await openDeliveryLog(directory, 1);
  vendor = await startVendor();
  serdes = await deliverySerdes();
  integrations = [];
  errors = [];
  manager = new DeliveryManager({
    log,
    topics: TOPICS,
    serdes,
    http: httpClient({ allowedCidrs: ['127.0.0.0/8'] }),
    secretsOf: () => ({}),
    metrics: deliveryMetrics(new Registry()),
    clock,
    random: Math.random,
    newId: randomUUID,
    schedule: DEFAULT_SCHEDULE,
    maxRequests: 4,
    closeGraceMs: 60_000,
    view: {
      integrations: () => integrations,
      subscribe: (listener) => {
        changed = listener;
        return () => {};
      },
    },
    onError: (id, error) => errors.push(`${id}: ${error.message}`),
  });
});

afterEach(async () => {
  await manager.close();
  await log.close();
  await vendor.close();
  await rm(directory, { recursive: true, force: true });
});

const hook = (id: string, path: string): DeliverableIntegration => ({
  id,
  vendor: 'webhook',
  settings: { url: `${vendor.url}${path}` },
});

async function send(integrationId: string, messageId: string): Promise<void> {
  const value = serdes.request.serialize({ ...deliveryRequest(messageId), integrationId });
  const topic = TOPICS.requests(integrationId);
  await log.createTopics([{ name: topic, partitions: 1 }]);
  await log.append([{ topic, key: null, value, timestamp: 0, headers: [] }]);
}

const received = () => vendor.received.map(({ url, body }) => `${url} ${JSON.parse(body).messageId}`);

const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 });

test('integrations there are, and those that come, get a worker each', async () => {
  integrations = [hook('int_a', '/a')];
  await send('int_a', 'm1');
  await manager.start();
  await until(() => expect(received()).toEqual(['/a m1']));
  integrations = [...integrations, hook('int_b', '/b')];
  changed();
  await send('int_b', 'm2');
  await until(() => expect(received()).toEqual(['/a m1', '/b m2']));
  expect(errors).toEqual([]);
});

test('changed settings are used from the next event on, and nothing is sent twice', async () => {
  integrations = [hook('int_a', '/old')];
  await manager.start();
  await send('int_a', 'm1');
  await until(() => expect(received()).toEqual(['/old m1']));
  integrations = [hook('int_a', '/new')];
  changed();
  await send('int_a', 'm2');
  await until(() => expect(received().at(-1)).toMatch(/m2$/));
  await send('int_a', 'm3');
  await until(() => expect(received()).toHaveLength(3));
  expect(received().at(-1)).toBe('/new m3');
});

test('a removed integration is left alone, and taken up again where it was', async () => {
  integrations = [hook('int_a', '/a')];
  await manager.start();
  integrations = [];
  changed();
  integrations = [hook('int_b', '/b')];
  changed();
  await send('int_a', 'm1');
  await send('int_b', 'm2');
  await until(() => expect(received()).toEqual(['/b m2']));
  integrations = [hook('int_a', '/a')];
  changed();
  await until(() => expect(received()).toEqual(['/b m2', '/a m1']));
});

test('an integration that cannot run does not stop the others, and is tried again', async () => {
  integrations = [{ id: 'int_x', vendor: 'no_such_vendor', settings: {} }, hook('int_a', '/a')];
  await manager.start();
  expect(errors).toEqual(['int_x: there is no vendor "no_such_vendor"']);
  await send('int_a', 'm1');
  await until(() => expect(received()).toEqual(['/a m1']));
  integrations = [hook('int_x', '/x'), hook('int_a', '/a')];
  await send('int_x', 'm2');
  clock.advance(10_000);
  await until(() => expect(received()).toEqual(['/a m1', '/x m2']));
});
