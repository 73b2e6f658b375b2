import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Log, openEmbeddedLog, partitionForKey, type StoredRecord } from '../streams/index.ts';
import { RAW_EVENTS_TOPIC } from './event-appender.ts';
import { post, SERVER_KEY, startGateway, type TestGateway } from './testing/harness.ts';

const PARTITIONS = 4;

let directory: string;
let log: Log;
let gateway: TestGateway;

const open = async () => {
  log = await openEmbeddedLog({ directory });
  await log.createTopics([{ name: RAW_EVENTS_TOPIC, partitions: PARTITIONS }]);
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-gateway-'));
  await open();
  gateway = await startGateway({ log });
});
afterEach(async () => {
  await gateway.close();
  await log.close();
  await rm(directory, { recursive: true });
});

async function readAll(): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for await (const chunk of log.read({ topic: RAW_EVENTS_TOPIC, partition, from: 0 }))
      records.push(...chunk);
  }
  return records;
}

it('puts what it acknowledged into the embedded log, where it is found again after a restart', async () => {
  const visitors = Array.from({ length: 20 }, (_, index) => `df_${index}`);
  const requests = Array.from({ length: 20 }, (_, request) => ({
    batch: visitors.map((anonymousId, index) => ({
      type: 'track',
      event: 'Order Completed',
      messageId: `evt_${request}_${index}`,
      anonymousId,
      properties: { request },
    })),
  }));
  const answers = await Promise.all(
    requests.map((body) => post(`${gateway.url}/v1/batch`, body, { authorization: `Bearer ${SERVER_KEY}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 200));

  await log.close();
  await open();
  const records = await readAll();
  const stored = records.map(({ value }) => gateway.serde.deserialize(value ?? Buffer.alloc(0)));
  expect(stored.map(({ event }) => event.messageId).sort()).toEqual(
    requests.flatMap(({ batch }) => batch.map(({ messageId }) => messageId)).sort(),
  );
  for (const { key, partition } of records) {
    expect(partition).toBe(partitionForKey(key ?? Buffer.alloc(0), PARTITIONS));
  }
});
