import { type JsonObject, type VendorDefinition, withDefaults } from '../integrations/index.ts';
import {
  changelogOf,
  type Log,
  type LogConsumer,
  type RecordPosition,
  type StoredRecord,
  type TopicPartition,
} from '../streams/index.ts';
import { BATCH_STORES } from './batch-store.ts';
import type { Clock } from './clock.ts';
import type { HttpClient } from './http/client.ts';
import type { DeliveryMetrics } from './metrics.ts';
import { PartitionTask } from './partition-task.ts';
import type { DeliverySerdes, DeliveryTopics } from './records.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { type SecretsOf, sender } from './sender.ts';
import { Window } from './window.ts';
import type { WorkerContext } from './worker-context.ts';

/** What every worker of an installation has in common. */
export interface DeliveryEnvironment {
  readonly log: Log;
  readonly topics: DeliveryTopics;
  readonly serdes: DeliverySerdes;
  readonly http: HttpClient;
  readonly secretsOf: SecretsOf;
  readonly metrics: DeliveryMetrics;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** A UUID. */
  readonly newId: () => string;
  readonly schedule: RetrySchedule;
  /** Requests at one vendor at a time. */
  readonly maxRequests: number;
  /** How long requests under way may take to end when a worker stops. */
  readonly closeGraceMs: number;
}

export interface WorkerIntegration {
  readonly id: string;
  readonly definition: VendorDefinition;
  readonly settings: JsonObject;
}

/** Delivers what is in an integration's topic: a member of the consumer group `signal-delivery-{id}`, with a task for
 * each partition it is given. */
export class DeliveryWorker {
  readonly #context: WorkerContext;
  readonly #tasks = new Map<number, PartitionTask>();
  #consumer: LogConsumer | undefined;
  #turn = 0;

  /** @param onError the worker cannot go on; close it. Nothing is lost: another one takes up where it stopped. */
  constructor(
    { id, definition, settings: given }: WorkerIntegration,
    environment: DeliveryEnvironment,
    onError: (error: Error) => void,
  ) {
    const { log, topics, serdes, http, secretsOf, clock, random, newId, maxRequests, closeGraceMs } =
      environment;
    const settings = withDefaults(definition, given);
    const limits = definition.limits(settings);
    const metrics = environment.metrics.of(id);
    const wake = (): void => this.#wake();
    this.#context = {
      integrationId: id,
      group: `signal-delivery-${id}`,
      topic: topics.requests(id),
      definition,
      limits,
      schedule: {
        ...environment.schedule,
        maxAttempts: limits.maxAttempts ?? environment.schedule.maxAttempts,
      },
      log,
      topics,
      serdes,
      send: sender({ integrationId: id, definition, settings, limits, secretsOf, http, clock, metrics }),
      window: new Window(clock, maxRequests, wake),
      clock,
      random,
      newId,
      metrics,
      closeGraceMs,
      wake,
      onError,
    };
  }

  async start(): Promise<void> {
    const { log, group, topic, onError } = this.#context;
    await log.createTopics([{ name: topic }]);
    if (log.kind === 'kafka') {
      const [{ partitions } = {}] = (await log.topics()).filter(({ name }) => name === topic);
      await log.createTopics(
        Object.values(BATCH_STORES).map((store) => ({
          name: changelogOf(group, store),
          partitions,
          cleanup: 'compact',
        })),
      );
    }
    this.#consumer = await log.consume({
      group,
      topics: [topic],
      onAssigned: (partitions) => this.#open(partitions),
      onRevoked: (partitions) => this.#close(partitions),
      onRecords: (records) => this.#accept(records),
      onError,
    });
  }

  async close(): Promise<void> {
    // The consumer may wait for its last records to be taken, and a task for room to take them.
    for (const task of this.#tasks.values()) task.stop();
    await this.#consumer?.close();
    // Left over if the consumer failed while it was given partitions.
    await Promise.all([...this.#tasks.keys()].map((partition) => this.#closeTask(partition)));
    this.#context.window.close();
  }

  async #open(partitions: readonly TopicPartition[]): Promise<RecordPosition[]> {
    const positions: RecordPosition[] = [];
    for (const { topic, partition } of partitions) {
      const task = await PartitionTask.open(this.#context, partition);
      this.#tasks.set(partition, task);
      if (task.start !== undefined) positions.push({ topic, partition, offset: task.start });
      task.pump();
    }
    return positions;
  }

  async #close(partitions: readonly TopicPartition[]): Promise<void> {
    await Promise.all(partitions.map(({ partition }) => this.#closeTask(partition)));
  }

  async #closeTask(partition: number): Promise<void> {
    const task = this.#tasks.get(partition);
    this.#tasks.delete(partition);
    await task?.close();
  }

  /** Each time another task looks first, so that none with a backlog keeps all of the room. */
  #wake(): void {
    const tasks = [...this.#tasks.values()];
    this.#turn = (this.#turn + 1) % Math.max(tasks.length, 1);
    for (const task of [...tasks.slice(this.#turn), ...tasks.slice(0, this.#turn)]) task.pump();
  }

  #accept(records: readonly StoredRecord[]): Promise<void> | undefined {
    const [first] = records;
    return first === undefined ? undefined : this.#tasks.get(first.partition)?.accept(records);
  }
}
