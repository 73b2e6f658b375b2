import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { vi } from 'vitest';
import type { JsonObject, Secrets, VendorDefinition } from '../../integrations/index.ts';
import type { DeadLetter, DeliveryRequest, DeliveryResult } from '../../schemas/index.ts';
import type { Log } from '../../streams/index.ts';
import type { Clock } from '../clock.ts';
import { type DeliveryEnvironment, DeliveryWorker } from '../delivery-worker.ts';
import { httpClient } from '../http/client.ts';
import { deliveryMetrics } from '../metrics.ts';
import type { DeliverySerdes } from '../records.ts';
import { DEFAULT_SCHEDULE } from '../retry-schedule.ts';
import { deliverySerdes, INTEGRATION, openDeliveryLog, readAll, TOPICS } from './storage.ts';

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
    const log = await openDeliveryLog(directory, options.partitions ?? 1);
    return new DeliveryBench(directory, log, await deliverySerdes(), options);
  }

  async start(log: Log = this.log): Promise<void> {
    this.#worker = await this.startWorker(log);
  }

  /** One more, in the same consumer group. */
  async startWorker(log: Log = this.log): Promise<DeliveryWorker> {
    const { definition, settings } = this.#options;
    const integration = { id: INTEGRATION, definition, settings };
    const environment = { ...this.#environment, log };
    const worker = new DeliveryWorker(integration, environment, (error) => this.errors.push(error));
    await worker.start();
    return worker;
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
  async resultsWhen(count: number): Promise<DeliveryResult[]> {
    return vi.waitFor(
      async () => {
        if (this.errors[0] !== undefined) throw this.errors[0];
        const results = await this.results();
        if (results.length < count) throw new Error(`${results.length} of ${count} results`);
        return results;
      },
      { interval: 5 },
    );
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#environment.http.close();
    await this.log.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
