import { LogError } from '../errors.ts';
import type {
  CommittedOffset,
  ConsumeOptions,
  Log,
  LogConsumer,
  OutgoingRecord,
  PartitionOffsets,
  ReadOptions,
  RecordPosition,
  StoredRecord,
  TaskLog,
  TaskOptions,
  TopicInfo,
  TopicSpec,
} from '../log.ts';
import { Appender } from './appender.ts';
import type { Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { type ConsumerTimes, KafkaConsumer } from './consumer.ts';
import { deleteRecords } from './delete-records.ts';
import { groupOffsets, RecentCommits } from './group-offsets.ts';
import { LocalStore } from './local-store.ts';
import { PartitionReader } from './reader.ts';
import { restoreStore } from './restore.ts';
import { Router } from './router.ts';
import { KafkaTask } from './task.ts';
import { Topics } from './topics.ts';
import { TransactionalProducer } from './transactions.ts';
import { WrittenEnds } from './written-ends.ts';

export interface KafkaLogSettings extends ConsumerTimes {
  readonly stateDirectory: string;
  readonly defaultPartitions: number;
  readonly replicationFactor: number;
  readonly maxBatchBytes: number;
  readonly transactionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retryMs: number;
  readonly commitLanes: number;
}

/** The log on a Kafka cluster. */
export class KafkaLog implements Log {
  readonly kind = 'kafka';
  readonly defaultPartitions: number;
  readonly #cluster: Cluster;
  readonly #settings: KafkaLogSettings;
  readonly #topics: Topics;
  readonly #router: Router;
  readonly #appender: Appender;
  readonly #reader: PartitionReader;
  readonly #written = new WrittenEnds();
  readonly #recentCommits = new RecentCommits();
  readonly #consumers = new Set<KafkaConsumer>();
  readonly #tasks = new Map<string, KafkaTask>();
  readonly #opening = new Map<string, Promise<unknown>>();
  readonly #commitLanes: Brokers[] = [];
  #openings = 0;
  #closing: Promise<void> | undefined;

  constructor(cluster: Cluster, settings: KafkaLogSettings) {
    const { defaultPartitions, replicationFactor, maxBatchBytes } = settings;
    this.defaultPartitions = defaultPartitions;
    this.#cluster = cluster;
    this.#settings = settings;
    this.#topics = new Topics(cluster, { partitions: defaultPartitions, replicationFactor });
    this.#router = new Router(cluster, maxBatchBytes);
    this.#appender = new Appender(cluster, this.#router, this.#written, settings);
    this.#reader = new PartitionReader(cluster, this.#topics, this.#written);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#checkOpen();
    await this.#topics.create(specs);
  }

  async topics(): Promise<readonly TopicInfo[]> {
    this.#checkOpen();
    return this.#topics.all();
  }

  async append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]> {
    this.#checkOpen();
    return this.#appender.append(records);
  }

  async *read(options: ReadOptions): AsyncGenerator<readonly StoredRecord[]> {
    if (options.signal?.aborted) return;
    this.#checkOpen();
    yield* this.#reader.read(options);
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    this.#checkOpen();
    return this.#topics.offsets(topic);
  }

  async offsetsAt(topic: string, timestamp: number): Promise<readonly RecordPosition[]> {
    this.#checkOpen();
    return this.#topics.offsetsAt(topic, timestamp);
  }

  async deleteRecords(before: readonly RecordPosition[]): Promise<void> {
    this.#checkOpen();
    await deleteRecords(this.#cluster, before);
  }

  async committed(group: string): Promise<readonly CommittedOffset[]> {
    this.#checkOpen();
    await groupOffsets(this.#cluster, group, this.#recentCommits.take(group));
    return groupOffsets(this.#cluster, group, null);
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    this.#checkOpen();
    for (const topic of options.topics) {
      await this.#cluster.retry(`partitions of ${topic}`, () => this.#cluster.partitionsOf(topic));
    }
    this.#checkOpen();
    const consumer = new KafkaConsumer(this.#cluster, this.#topics, options, this.#settings);
    this.#consumers.add(consumer);
    return consumer;
  }

  /** Openings of one task follow each other. */
  async openTask(options: TaskOptions): Promise<TaskLog> {
    this.#checkOpen();
    const before = this.#opening.get(options.id);
    const opening = (async () => {
      await before?.catch(() => {});
      return this.#openTask(options);
    })();
    this.#opening.set(options.id, opening);
    try {
      return await opening;
    } finally {
      if (this.#opening.get(options.id) === opening) this.#opening.delete(options.id);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #openTask({
    id,
    group,
    partitions,
    stores = [],
    onRestore = () => {},
  }: TaskOptions): Promise<KafkaTask> {
    await this.#tasks.get(id)?.fence();
    const producer = new TransactionalProducer(this.#cluster, this.#commitLane(), this.#reader, {
      ...this.#settings,
      transactionalId: id,
    });
    await producer.open();
    const local = await LocalStore.open(this.#settings.stateDirectory, id);
    try {
      const context = { task: id, local, reader: this.#reader, topics: this.#topics, onRestore };
      for (const store of stores) await restoreStore(store, context);
      const committed = await groupOffsets(this.#cluster, group, partitions);
      const task = new KafkaTask({
        id,
        group,
        committed,
        stores,
        local,
        producer,
        router: this.#router,
        written: this.#written,
        recentCommits: this.#recentCommits,
        appended: () => this.#appender.settled(),
        closed: () => {
          if (this.#tasks.get(id) === task) this.#tasks.delete(id);
        },
      });
      this.#checkOpen();
      this.#tasks.set(id, task);
      return task;
    } catch (error) {
      await local.close();
      throw error;
    }
  }

  /** Tasks commit side by side over a few connections, for a broker answers one after another on each. */
  #commitLane(): Brokers {
    const { commitLanes } = this.#settings;
    const index = this.#openings++ % commitLanes;
    const lane = this.#commitLanes[index] ?? this.#cluster.lane();
    this.#commitLanes[index] = lane;
    return lane;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.allSettled([...this.#opening.values()]);
    await Promise.all([...this.#tasks.values()].map((task) => task.close()));
    await Promise.race([this.#appender.settled(), this.#cluster.pause(FLUSH_MS)]);
    await this.#reader.close();
    await this.#cluster.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LogError('CLOSED', 'the Kafka log');
  }
}

/** How long closing waits for appends under way. */
const FLUSH_MS = 5_000;
