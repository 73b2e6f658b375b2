// A delivery worker in a process of its own, to be killed: `node crash-child.mjs <log directory> <vendor URL>`.
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { findVendor } from '../../integrations/index.ts';
import { DEFAULT_SCHEDULE, DeliveryWorker, deliveryMetrics, httpClient, systemClock } from '../index.ts';
import { deliverySerdes, INTEGRATION, openDeliveryLog, TOPICS } from './storage.ts';

const [directory = '', url = ''] = process.argv.slice(2);
const definition = findVendor('webhook');
if (definition === undefined) throw new Error('no webhook in the catalog');

const settings = { url, batch_enabled: true, batch_size: 20, batch_interval_ms: 5, max_retries: 20 };
const log = await openDeliveryLog(directory, 2);
const http = httpClient({ allowedCidrs: ['127.0.0.0/8'] });
const worker = new DeliveryWorker(
  { id: INTEGRATION, definition, settings },
  {
    log,
    topics: TOPICS,
    serdes: await deliverySerdes(),
    http,
    secretsOf: () => ({}),
    metrics: deliveryMetrics(new Registry()),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    schedule: { ...DEFAULT_SCHEDULE, baseMs: 20, factor: 1.2 },
    maxRequests: 4,
    closeGraceMs: 10_000,
  },
  (error) => {
    throw error;
  },
);
process.once('SIGTERM', async () => {
  await worker.close();
  await http.close();
  await log.close();
});
await worker.start();
process.stdout.write('started\n');
