import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { vi } from 'vitest';
import type { JsonObject, Secrets, VendorDefinition } from '../../integrations/index.ts';
import {
  DEAD_LETTER_SCHEMA,
  DELIVERY_REQUEST_SCHEMA,
  DELIVERY_RESULT_SCHEMA,
  type DeadLetter,
  type DeliveryRequest,
  type DeliveryResult,
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
import type { Clock } from '../clock.ts';
import { type DeliveryEnvironment, DeliveryWorker } from '../delivery-worker.ts';
import { httpClient } from '../http/client.ts';
import { deliveryMetrics } from '../metrics.ts';
import type { DeliverySerdes, DeliveryTopics } from '../records.ts';
import { DEFAULT_SCHEDULE } from '../retry-schedule.ts';

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

export async function deliveryLog(directory: string, partitions: number): Promise<Log> {
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

export interface BenchOptions {
  readonly definition: VendorDefinition;
  readonly settings: JsonObject;
  readonly secrets?: Secrets;
  readonly partitions?: number;
  readonly clock: Clock;
  readonly environment?: Partial<DeliveryEnvironment>;
}

/** A log in a temporary directory and a worker on it, which can be stopped and started. */
export class DeliveryBench {
  readonly log: Log;
  readonly metrics = new Registry();
  readonly errors: Error[] = [];
  readonly #directory: string;
  readonly #serdes: DeliverySerdes;
  readonly #options: BenchOptions;
  readonly #environment: DeliveryEnvironment;
  #worker: DeliveryWorker | undefined;

  private constructor(directory: string, log: Log, serdes: DeliverySerdes, options: BenchOptions) {
    this.#directory = directory;
    this.log = log;
    this.#serdes = serdes;
    this.#options = options;
    this.#environment = {
      log,
      topics: TOPICS,
      serdes,
      http: httpClient({ allowedCidrs: ['127.0.0.0/8'], clock: options.clock }),
      secretsOf: () => options.secrets ?? {},
      metrics: deliveryMetrics(this.metrics),
      clock: options.clock,
      random: () => 0.5,
      newId: randomUUID,
      schedule: DEFAULT_SCHEDULE,
      maxRequests: 8,
      closeGraceMs: 0,
      ...options.environment,
    };
  }

  static async open(options: BenchOptions): Promise<DeliveryBench> {
    const directory = await mkdtemp(join(tmpdir(), 'signal-delivery-'));
    const log = await deliveryLog(directory, options.partitions ?? 1);
    return new DeliveryBench(directory, log, await deliverySerdes(), options);
  }

  async start(): Promise<void> {
    const { definition, settings } = this.#options;
    const integration = { id: INTEGRATION, definition, settings };
    this.#worker = new DeliveryWorker(integration, this.#environment, (error) => this.errors.push(error));
    await this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#worker?.close();
    this.#worker = undefined;
  }

  async append(...requests: readonly DeliveryRequest[]): Promise<void> {
    await this.log.append(
      requests.map((request) => ({
        topic: TOPICS.requests(INTEGRATION),
        key: Buffer.from(request.anonymousId),
        value: this.#serdes.request.serialize(request),
        timestamp: 0,
        headers: [],
      })),
    );
  }

  results(): Promise<DeliveryResult[]> {
    return readAll(this.log, TOPICS.results, this.#serdes.result);
  }

  deadLetters(): Promise<DeadLetter[]> {
    return readAll(this.log, TOPICS.deadLetters, this.#serdes.deadLetter);
  }

  /** Waits until every one of these results has been written, and no more than them. */
  async resultsWhen(count: number, timeout = 10_000): Promise<DeliveryResult[]> {
    return vi.waitFor(
      async () => {
        if (this.errors[0] !== undefined) throw this.errors[0];
        const results = await this.results();
        if (results.length < count) throw new Error(`${results.length} of ${count} results`);
        return results;
      },
      { timeout, interval: 5 },
    );
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#environment.http.close();
    await this.log.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
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
