import type {
  Log,
  LogConsumer,
  RecordPosition,
  RestoreProgress,
  StoredRecord,
  StoreSpec,
  TopicPartition,
  TopicSpec,
} from '../log/log.ts';
import type { GlobalTable } from '../state/global-table.ts';
import type { ReadOnlyKeyValueStore } from '../state/key-value-query.ts';
import { REGISTERS } from '../state/register.ts';
import type { ReadOnlySessionStore } from '../state/session-query.ts';
import type { StoreKind } from '../state/store.ts';
import type { ReadOnlyWindowStore } from '../state/window-query.ts';
import { Suspend } from '../suspend.ts';
import type { UnprocessableHandler } from '../task/dead-letter.ts';
import { StreamTask } from '../task/stream-task.ts';
import type { SubTopology } from '../topology/nodes.ts';
import type { Topology } from '../topology/topology.ts';
import { GlobalTables } from './global-tables.ts';
import {
  changelogOf,
  changelogTopics,
  internalName,
  registersChangelog,
  repartitionTopics,
} from './internal-topics.ts';
import { Membership } from './membership.ts';
import { RepartitionPurge } from './repartition-purge.ts';
import type { MeasuredApp, StreamsMetrics } from './streams-metrics.ts';
import type { StreamsState } from './streams-state.ts';

export interface StreamsAppOptions {
  /** Name of the consumer group, and prefix of internal topics and task ids. */
  readonly applicationId: string;
  readonly log: Log;
  /** Where records that cannot be processed go, with the reason in their headers. Left out, the task stops at
   * such a record and the application is in error: nothing is lost, nothing goes on. */
  readonly deadLetterTopic?: string | undefined;
  /** Decides, where there is a `deadLetterTopic`, whether a record goes there. Left out, each does. */
  readonly onUnprocessable?: UnprocessableHandler | undefined;
  /** Makes a topic that a sink chooses and the log does not have; undefined: sending to it is an error. */
  readonly topicSpecOf?: ((topic: string) => TopicSpec | undefined) | undefined;
  /** Records per commit, at most. Default 1,000, on Kafka 2,000. */
  readonly maxBatch?: number | undefined;
  /** How long what was processed may wait to be committed, and so seen, together with what follows. Default 0: each
   * batch is committed at once. (Kafka Streams, exactly once: 100.) */
  readonly commitIntervalMs?: number | undefined;
  /** Entries each store keeps in memory per task. Default 20,000. */
  readonly maxEntriesPerStore?: number | undefined;
  /** How often what was consumed is deleted from repartition topics. Default 30,000 ms, as in Kafka Streams. */
  readonly purgeIntervalMs?: number | undefined;
  readonly wallClock?: (() => number) | undefined;
  readonly metrics?: StreamsMetrics | undefined;
  readonly onStateChange?: ((state: StreamsState) => void) | undefined;
  /** It cannot go on. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** It was fenced, or Kafka could not be reached: it joins its group again, for as long as that takes. */
  readonly onInterruption?: ((error: Error) => void) | undefined;
  /** Now and then while a store is read back from its changelog. */
  readonly onRestore?: ((progress: RestoreProgress) => void) | undefined;
  readonly onBatch?:
    | ((batch: { task: string; records: number; outputs: number; seconds: number }) => void)
    | undefined;
}

/**
 * Runs a topology: joins the consumer group, opens a task for every assigned partition of every sub-topology, and
 * feeds it. `KafkaStreams` in Kafka's own words.
 */
export class StreamsApp implements MeasuredApp {
  private readonly options: StreamsAppOptions;
  private readonly topology: Topology;
  private readonly subTopologies: readonly SubTopology[];
  private readonly tasks = new Map<string, StreamTask>();
  private readonly globals: GlobalTables;
  private readonly purge: RepartitionPurge;
  private readonly partitions = new Map<string, number>();
  private readonly membership: Membership;
  private current: StreamsState = 'created';

  constructor(topology: Topology, options: StreamsAppOptions) {
    this.topology = topology;
    this.options = options;
    const parts = topology.parts((topic) => internalName(options.applicationId, topic));
    this.subTopologies = parts.subTopologies;
    this.globals = new GlobalTables(parts.globalTables, options.log, (error) => this.fail(error));
    this.purge = new RepartitionPurge({
      log: options.log,
      topics: new Set(topology.internalTopics.map(({ name }) => internalName(options.applicationId, name))),
      intervalMs: options.purgeIntervalMs ?? 30_000,
      positions: () => [...this.tasks.values()].flatMap((task) => [...task.positions]),
    });
    this.membership = new Membership({
      log: options.log,
      join: () => this.join(),
      left: () => this.closeTasks([...this.tasks.keys()]),
      onRejoin: () => this.become('rebalancing'),
      onInterruption: (error) => options.onInterruption?.(error),
      onError: (error) => this.fail(error),
    });
    options.metrics?.add(this);
  }

  get applicationId(): string {
    return this.options.applicationId;
  }

  get log(): Log {
    return this.options.log;
  }

  get sourceTopics(): readonly string[] {
    return this.subTopologies.flatMap((sub) => sub.sourceTopics);
  }

  get runningTasks(): Iterable<StreamTask> {
    return this.tasks.values();
  }

  get state(): StreamsState {
    return this.current;
  }

  /** Source topics must exist; internal ones are made. Resolves when the group was joined. */
  async start(): Promise<void> {
    this.become('rebalancing');
    await this.refreshTopics();
    await this.createInternalTopics();
    await this.globals.start();
    await this.membership.join();
    this.purge.start();
  }

  private join(): Promise<LogConsumer> {
    const { applicationId, log } = this.options;
    return log.consume({
      group: applicationId,
      topics: this.sourceTopics,
      copartitioned: this.subTopologies.map((sub) => sub.sourceTopics),
      onAssigned: (assigned) => this.onAssigned(assigned),
      onRevoked: (revoked) => this.onRevoked(revoked),
      onRecords: (records) => this.onRecords(records),
      onError: (error) => this.membership.failed(error),
    });
  }

  /** Commits what is under way and leaves the group. */
  async close(): Promise<void> {
    this.purge.stop();
    await this.membership.close();
    await this.globals.close();
    if (this.current !== 'error') this.become('stopped');
  }

  /**
   * A store or global table as committed, over all partitions this process owns; of a table, values with their
   * timestamps (of a table of sessions, without). The caller states its types, and the kind of the store unless it is
   * a key-value store. Throws if there is no such store of that kind. A question asked while its partition moves
   * away rejects with the code `CLOSED`.
   */
  store<K, V>(name: string, kind?: 'key-value'): ReadOnlyKeyValueStore<K, V>;
  store<K, V>(name: string, kind: 'window'): ReadOnlyWindowStore<K, V>;
  store<K, V>(name: string, kind: 'session'): ReadOnlySessionStore<K, V>;
  store(name: string, kind: StoreKind = 'key-value'): unknown {
    const global = this.globals.stores.get(name);
    if (global !== undefined && kind === 'key-value') return globalQuery(global);
    const sub = this.subTopologies.find(({ stores }) => stores.some((builder) => builder.name === name));
    const query = sub?.stores.find((each) => each.name === name)?.query;
    if (query?.kind !== kind) {
      const found = query?.kind ?? (global === undefined ? undefined : 'key-value');
      const advice = found === undefined ? '' : `; it is a ${found} store`;
      throw new Error(`the topology has no ${kind} store named "${name}"${advice}`);
    }
    return query.over(() =>
      [...this.tasks.values()].filter((task) => task.subTopology === sub).map(({ reader }) => reader),
    );
  }

  private async onAssigned(assigned: readonly TopicPartition[]): Promise<RecordPosition[]> {
    this.become('rebalancing');
    this.options.metrics?.rebalanced(this);
    const positions: RecordPosition[] = [];
    const opening: Promise<void>[] = [];
    for (const sub of this.subTopologies) {
      const own = assigned.filter(({ topic }) => sub.sourceTopics.includes(topic));
      for (const partition of new Set(own.map((each) => each.partition))) {
        const inputs = own.filter((each) => each.partition === partition);
        opening.push(this.openTask(sub, partition, inputs).then((from) => void positions.push(...from)));
      }
    }
    await Promise.all(opening);
    this.become('running');
    return positions;
  }

  private async openTask(
    sub: SubTopology,
    partition: number,
    inputs: readonly TopicPartition[],
  ): Promise<readonly RecordPosition[]> {
    const { applicationId, log } = this.options;
    const name = taskName(sub.id, partition);
    const taskLog = await log.openTask({
      id: `${applicationId}-${name}`,
      group: applicationId,
      partitions: inputs,
      stores: this.storesOf(sub, partition),
      onRestore: (progress) => {
        this.become('restoring');
        this.options.metrics?.restoring(this, progress);
        this.options.onRestore?.(progress);
      },
    });
    const task = await StreamTask.start({
      id: name,
      partition,
      subTopology: sub,
      taskLog,
      wallClock: this.options.wallClock ?? Date.now,
      partitionsOf: (topic) => this.partitions.get(topic) ?? log.defaultPartitions,
      beforeSend: (topic) => this.ensureTopic(topic),
      globalStores: this.globals.stores,
      deadLetterTopic: this.options.deadLetterTopic,
      onUnprocessable: this.options.onUnprocessable,
      // A Kafka transaction costs the same however many records it has.
      maxBatch: this.options.maxBatch ?? (log.kind === 'kafka' ? 2_000 : 1_000),
      commitIntervalMs: this.options.commitIntervalMs ?? 0,
      maxEntriesPerStore: this.options.maxEntriesPerStore ?? 20_000,
      onCommit: (seconds) => this.options.metrics?.committed(this, seconds),
      onDeadLetter: ({ stage }) => this.options.metrics?.deadLettered(this, stage),
      onBatch: (batch) => this.options.onBatch?.({ task: name, ...batch }),
      onError: (error) => this.membership.failed(error),
    });
    this.tasks.set(name, task);
    return taskLog.committed.map(({ topic, partition: p, offset }) => ({ topic, partition: p, offset }));
  }

  private async onRevoked(revoked: readonly TopicPartition[]): Promise<void> {
    this.become('rebalancing');
    await this.closeTasks(revoked.map((each) => this.taskOf(each)));
    if (this.tasks.size > 0) this.become('running');
  }

  private onRecords(records: readonly StoredRecord[]): void | Promise<void> {
    const first = records[0];
    if (first !== undefined) return this.tasks.get(this.taskOf(first))?.enqueue(records);
  }

  private taskOf({ topic, partition }: TopicPartition): string {
    const sub = this.subTopologies.find((each) => each.sourceTopics.includes(topic));
    return taskName(sub?.id ?? -1, partition);
  }

  private async closeTasks(names: readonly string[]): Promise<void> {
    const closing = [...new Set(names)].flatMap((name) => {
      const task = this.tasks.get(name);
      this.tasks.delete(name);
      return task === undefined ? [] : [task.close().then(() => this.options.metrics?.count(this, task))];
    });
    await Promise.all(closing);
  }

  private storesOf(sub: SubTopology, partition: number): StoreSpec[] {
    const { applicationId } = this.options;
    const spec = (name: string, topic: string, logging: boolean): StoreSpec =>
      logging ? { name, changelog: { topic, partition } } : { name };
    return [
      spec(REGISTERS, registersChangelog(applicationId, sub), true),
      ...sub.stores.flatMap(({ parts, logging }) =>
        parts.map((part) => spec(part, changelogOf(applicationId, part), logging)),
      ),
    ];
  }

  private async createInternalTopics(): Promise<void> {
    const { applicationId, log } = this.options;
    const { topology, subTopologies, partitions } = this;
    await log.createTopics(repartitionTopics(topology, subTopologies, partitions, applicationId));
    await this.refreshTopics();
    // The embedded log keeps stores inside the commit itself.
    if (log.kind === 'embedded') return;
    await log.createTopics(changelogTopics(subTopologies, partitions, applicationId));
  }

  private async refreshTopics(): Promise<void> {
    for (const { name, partitions } of await this.options.log.topics()) this.partitions.set(name, partitions);
  }

  private ensureTopic(topic: string): void {
    if (this.partitions.has(topic)) return;
    throw new Suspend(this.createTopic(topic));
  }

  private async createTopic(topic: string): Promise<void> {
    await this.refreshTopics();
    if (this.partitions.has(topic)) return;
    const spec = this.options.topicSpecOf?.(topic);
    if (spec === undefined) throw new Error(`topic "${topic}" does not exist and may not be made`);
    await this.options.log.createTopics([spec]);
    await this.refreshTopics();
  }

  private become(state: StreamsState): void {
    if (this.current === state || this.current === 'error') return;
    this.current = state;
    this.options.onStateChange?.(state);
  }

  private fail(error: Error): void {
    this.become('error');
    this.options.onError?.(error);
  }
}

const taskName = (subTopology: number, partition: number): string => `${subTopology}_${partition}`;

function globalQuery(table: GlobalTable): ReadOnlyKeyValueStore<unknown, unknown> {
  const range: ReadOnlyKeyValueStore<unknown, unknown>['range'] = async (from, to, options) =>
    table.range(from, to, options);
  return {
    get: async (key) => table.get(key),
    range,
    all: (options) => range(undefined, undefined, options),
  };
}
