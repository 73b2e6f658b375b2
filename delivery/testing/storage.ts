import type { JsonObject } from '../../integrations/index.ts';
import {
  DEAD_LETTER_SCHEMA,
  DELIVERY_REQUEST_SCHEMA,
  DELIVERY_RESULT_SCHEMA,
  type DeliveryRequest,
} from '../../schemas/index.ts';
import {
  avroSerde,
  type Log,
  memoryRegistry,
  openEmbeddedLog,
  type Serde,
  type StoredRecord,
} from '../../streams/index.ts';
import { deliveryBatchSerde } from '../batch-store.ts';
import type { DeliverySerdes, DeliveryTopics } from '../records.ts';

export const TOPICS: DeliveryTopics = {
  requests: (id) => `delivery-${id}`,
  results: 'delivery-results',
  deadLetters: 'dead-letters',
  unprocessable: 'unprocessable-records',
};

export const INTEGRATION = 'int_1';

export async function deliverySerdes(): Promise<DeliverySerdes> {
  const registry = memoryRegistry();
  return {
    request: await avroSerde({ schema: DELIVERY_REQUEST_SCHEMA, subject: 'delivery-value', registry }),
    result: await avroSerde({ schema: DELIVERY_RESULT_SCHEMA, subject: 'delivery-results-value', registry }),
    deadLetter: await avroSerde({ schema: DEAD_LETTER_SCHEMA, subject: 'dead-letters-value', registry }),
    batch: await deliveryBatchSerde(registry),
  };
}

export async function openDeliveryLog(directory: string, partitions: number): Promise<Log> {
  const log = await openEmbeddedLog({ directory, flush: 'os', defaultPartitions: partitions });
  await log.createTopics(
    [TOPICS.results, TOPICS.deadLetters, TOPICS.unprocessable].map((name) => ({ name })),
  );
  await log.createTopics([{ name: TOPICS.requests(INTEGRATION), partitions }]);
  return log;
}

export function deliveryRequest(messageId: string, payload: JsonObject = {}): DeliveryRequest {
  const ref = { topic: 'raw-events', partition: 0, offset: 0 };
  return {
    messageId,
    integrationId: INTEGRATION,
    pipelineId: 'pip_1',
    sourceId: 'src_1',
    anonymousId: 'df_1',
    deduplicationId: messageId,
    vendorEvent: 'page',
    payload: JSON.stringify({ messageId, ...payload }),
    eventTime: 0,
    receivedAt: 0,
    revision: 1,
    configVersion: 1,
    raw: ref,
    enriched: ref,
  };
}

export async function readAll<T>(log: Log, topic: string, serde: Serde<T>): Promise<T[]> {
  const records = await readRecords(log, topic);
  return records.flatMap(({ value }) => (value === null ? [] : [serde.deserialize(value)]));
}

export async function readRecords(log: Log, topic: string): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (const { partition } of await log.offsets(topic)) {
    for await (const records of log.read({ topic, partition, from: 0 })) all.push(...records);
  }
  return all;
}
