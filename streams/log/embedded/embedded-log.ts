import { committedOffset } from '../committed-offset.ts';
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
  TaskCommit,
  TaskLog,
  TaskOptions,
  TopicInfo,
  TopicPartition,
  TopicSpec,
} from '../log.ts';
import type { Catalog } from './catalog.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { type GroupContext, GroupMember } from './group-member.ts';
import { type GroupOffsets, offsetMutation } from './group-offsets.ts';
import type { GroupWriter } from './group-writer.ts';
import type { Partition } from './partition.ts';
import { PartitionReader } from './partition-reader.ts';
import { readPartition } from './read.ts';
import { Router } from './router.ts';
import type { Mutation, Storage } from './storage.ts';
import type { StoreIds } from './store-ids.ts';
import type { TailCache } from './tail-cache.ts';
import { EmbeddedTask, type Lease } from './task.ts';
import { offsetAt } from './time-index.ts';
import { trim } from './trim.ts';

export interface Parts {
  readonly storage: Storage;
  readonly cache: TailCache;
  readonly writer: GroupWriter;
  readonly catalog: Catalog;
  readonly offsets: GroupOffsets;
  readonly stores: StoreIds;
  readonly defaultPartitions: number;
  readonly maxRecordBytes: number;
  /** Called last, when nothing is being read or written any more. */
  release(): Promise<void>;
}

/** The log over its parts; what each promises is said in `Log`. */
export class EmbeddedLog implements Log, GroupContext {
  readonly kind = 'embedded';
  readonly defaultPartitions: number;
  readonly #parts: Parts;
  readonly #router: Router;
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #leases = new Map<string, Lease>();
  #creating: Promise<void> = Promise.resolve();
  #closed = false;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.defaultPartitions = parts.defaultPartitions;
    this.#router = new Router(parts.catalog, parts.maxRecordBytes);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#checkOpen();
    const { catalog } = this.#parts;
    const created = this.#creating.then(() =>
      catalog.create(specs, this.defaultPartitions, (mutations) => this.#write({ mutations, durable: true })),
    );
    this.#creating = created.catch(() => {});
    await created;
  }

  async topics(): Promise<readonly TopicInfo[]> {
    this.#checkOpen();
    return this.#parts.catalog.all().map(({ info }) => info);
  }

  async append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]> {
    this.#checkOpen();
    if (records.length === 0) return [];
    const { partitions, offsets } = await this.#write({ records, durable: true });
    return offsets.map((offset, i) => ({
      topic: partitions[i]!.topic,
      partition: partitions[i]!.index,
      offset,
    }));
  }

  async *read(options: ReadOptions): AsyncGenerator<readonly StoredRecord[]> {
    this.#checkOpen();
    const { topic, partition, from } = options;
    if (!Number.isSafeInteger(from)) throw new LogError('INVALID', `reading ${topic} from offset ${from}`);
    yield* readPartition(this, this.partition(topic, partition), options);
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    this.#checkOpen();
    const { partitions } = this.#parts.catalog.topic(topic);
    return partitions.map(({ index, start, end }) => ({ topic, partition: index, start, end }));
  }

  async offsetsAt(topic: string, timestamp: number): Promise<readonly RecordPosition[]> {
    this.#checkOpen();
    const { catalog, storage } = this.#parts;
    return Promise.all(
      catalog.topic(topic).partitions.map(async (partition) => ({
        topic,
        partition: partition.index,
        offset: await offsetAt(storage, partition, timestamp),
      })),
    );
  }

  async deleteRecords(before: readonly RecordPosition[]): Promise<void> {
    this.#checkOpen();
    const { catalog, storage, writer } = this.#parts;
    for (const { topic, partition, offset } of before) {
      const { end } = this.partition(topic, partition);
      if (!Number.isSafeInteger(offset) || offset < 0 || offset > end) {
        throw new LogError('INVALID', `deleting ${topic}-${partition} up to ${offset}; it ends at ${end}`);
      }
      if (catalog.topic(topic).info.cleanup === 'compact') {
        throw new LogError('INVALID', `deleting records of ${topic}; it is compacted`);
      }
    }
    for (const { topic, partition, offset } of before) {
      await trim(storage, writer, this.partition(topic, partition), offset);
    }
  }

  async committed(group: string): Promise<readonly CommittedOffset[]> {
    this.#checkOpen();
    return this.#parts.offsets.of(group);
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    this.#checkOpen();
    for (const topic of options.topics) this.#parts.catalog.topic(topic);
    let group = this.#groups.get(options.group);
    if (group === undefined) {
      group = new ConsumerGroup((topic) => this.#parts.catalog.topic(topic).partitions.length);
      this.#groups.set(options.group, group);
    }
    const member = new GroupMember(options, group, this);
    group.join(member);
    return member;
  }

  async openTask(options: TaskOptions): Promise<TaskLog> {
    this.#checkOpen();
    const { id, group, partitions, stores = [] } = options;
    for (const { topic, partition } of partitions) this.partition(topic, partition);
    const lease: Lease = { ended: undefined };
    const previous = this.#leases.get(id);
    if (previous !== undefined) previous.ended = 'FENCED';
    this.#leases.set(id, lease);
    const { ids, mutations } = this.#parts.stores.of(
      id,
      stores.map(({ name }) => name),
    );
    // Also the point after which nothing of the previous owner can follow: its commits lie before this in the queue.
    await this.#write({ mutations, durable: false });
    return new EmbeddedTask({
      id,
      committed: partitions.flatMap((partition) => this.#parts.offsets.get(group, partition) ?? []),
      stores: ids,
      storage: this.#parts.storage,
      lease,
      write: (commit, changes, durable) => this.#commit(group, commit, changes, durable),
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  partition(topic: string, index: number): Partition {
    return this.#parts.catalog.partition(topic, index);
  }

  reader(partition: Partition, from: number): PartitionReader {
    return new PartitionReader(partition, this.#parts.cache, this.#parts.storage, from);
  }

  committedOffset(group: string, partition: TopicPartition): number | undefined {
    return this.#parts.offsets.get(group, partition)?.offset;
  }

  closed(): boolean {
    return this.#closed;
  }

  async #commit(
    group: string,
    commit: TaskCommit,
    changes: readonly Mutation[],
    durable: boolean,
  ): Promise<void> {
    const offsets = (commit.offsets ?? []).map((position) => {
      this.partition(position.topic, position.partition);
      return committedOffset(position);
    });
    await this.#write({
      records: commit.records ?? [],
      mutations: [...changes, ...offsets.map((committed) => offsetMutation(group, committed))],
      durable,
      written: () => {
        for (const committed of offsets) this.#parts.offsets.set(group, committed);
      },
    });
  }

  async #write(write: {
    readonly records?: readonly OutgoingRecord[];
    readonly mutations?: readonly Mutation[];
    readonly durable: boolean;
    readonly written?: () => void;
  }): Promise<{ partitions: readonly Partition[]; offsets: readonly number[] }> {
    this.#checkOpen();
    const { records = [], mutations = [], ...rest } = write;
    const { partitions, sizes } = this.#router.route(records);
    const offsets = await this.#parts.writer.submit({ records, partitions, sizes, mutations, ...rest });
    return { partitions, offsets };
  }

  async #close(): Promise<void> {
    // Consumers first: releasing partitions, their owners commit.
    await Promise.all([...this.#groups.values()].map((group) => group.close()));
    this.#closed = true;
    for (const lease of this.#leases.values()) lease.ended ??= 'CLOSED';
    for (const partition of this.#parts.catalog.all().flatMap(({ partitions }) => partitions))
      partition.wake();
    await this.#parts.writer.idle();
    await this.#parts.release();
  }

  #checkOpen(): void {
    if (this.#closed) throw new LogError('CLOSED', 'open it again to use it');
  }
}
