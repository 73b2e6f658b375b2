/**
 * The log: named topics of ordered, immutable records, and one atomic commit.
 *
 * Two adapters implement it, the embedded one (a RocksDB directory, one process) and the Kafka one. Both pass
 * the contract in `log.contract.ts`; what is promised here is promised by both.
 *
 * Words are Kafka's: topic, partition, offset, consumer group, retention, changelog. Offsets are 0-based
 * integers, consecutive within a partition except where compaction and, on Kafka, transaction markers leave gaps:
 * never count records by subtracting offsets. Timestamps are epoch milliseconds.
 */

export type Headers = readonly (readonly [name: string, value: Buffer])[];

export const NO_HEADERS: Headers = [];

export interface LogRecord {
  readonly key: Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly timestamp: number;
  readonly headers: Headers;
}

/** A record to append. Without `partition`, the key's murmur2 hash chooses it (as Kafka's default partitioner
 * does); without a key either, records are spread in turn. */
export interface OutgoingRecord extends LogRecord {
  readonly topic: string;
  readonly partition?: number | undefined;
}

export interface StoredRecord extends LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface RecordPosition extends TopicPartition {
  readonly offset: number;
}

export interface TopicSpec {
  readonly name: string;
  /** Left out, the log's own default is used (`defaultPartitions`). */
  readonly partitions?: number | undefined;
  /** Records older than this may be deleted. Left out: kept for ever. */
  readonly retentionMs?: number | undefined;
  /** `compact`: at least the last record of each key is kept. An adapter may keep more. */
  readonly cleanup?: 'delete' | 'compact' | undefined;
  /** Of a compacted topic: so long after a later record of its key, a record is to be gone from disk too, not only
   * from what is read. Kafka keeps to it once something is written after that time; the embedded log erases each
   * minute whatever is said here. Left out: whenever the log gets to it. */
  readonly compactionLagMs?: number | undefined;
  /** About how many bytes of a partition Kafka deletes at a time; stated for a topic whose records are deleted as
   * soon as they are consumed. Taken over at creation only. */
  readonly segmentBytes?: number | undefined;
}

export interface TopicInfo extends TopicSpec {
  readonly partitions: number;
}

/** `start`: offset of the oldest record kept. `end`: offset the next record will get. */
export interface PartitionOffsets extends TopicPartition {
  readonly start: number;
  readonly end: number;
}

export interface ReadOptions extends TopicPartition {
  /** First offset wanted. Below `start` (deleted by retention), reading begins at `start`. */
  readonly from: number;
  /** Offset to stop before. Left out: stop at the end as it was when the read began, unless `follow`. */
  readonly to?: number | undefined;
  /** Wait for new records at the end, until `signal` aborts (then the iteration simply ends). */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CommittedOffset extends TopicPartition {
  /** The next offset to process. */
  readonly offset: number;
  /** Free text stored with the offset (at most 4096 bytes), "" if none. */
  readonly metadata: string;
}

export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Sets of topics of which one member must get the same partition numbers (a join's two sides). */
  readonly copartitioned?: readonly (readonly string[])[] | undefined;
  /** Where to begin in a partition for which the group has committed nothing. Default `earliest`. */
  readonly startAt?: 'earliest' | 'latest' | undefined;
  /** Called before the first records of newly assigned partitions; return where to start each (left out:
   * its committed offset, else `startAt`). A rejection gives the assignment up and is reported to `onError`. */
  onAssigned(partitions: readonly TopicPartition[]): Promise<readonly RecordPosition[] | undefined>;
  /** Called before partitions go to another member; finish, commit and release them before resolving. From the
   * call on, no more of their records are handed over; a chunk handed over before is the callee's to finish. */
  onRevoked(partitions: readonly TopicPartition[]): Promise<void>;
  /** Records of one partition, in order. The next ones of that partition are not handed over before the promise
   * resolves: that is the backpressure. A rejection is reported to `onError` and stops the consumer. */
  onRecords(records: readonly StoredRecord[]): void | Promise<void>;
  onError(error: Error): void;
}

export interface LogConsumer {
  /** Leaves the group: `onRevoked` for all it holds, then no further callback. */
  close(): Promise<void>;
}

export interface StoreSpec {
  readonly name: string;
  /** Where the store's changes are also written, so that it can be rebuilt elsewhere. The embedded log keeps the
   * store itself inside the commit and writes no changelog. */
  readonly changelog?: TopicPartition | undefined;
}

export interface RestoreProgress {
  readonly task: string;
  readonly store: string;
  readonly restored: number;
  readonly remaining: number;
  readonly recordsPerSecond: number;
}

export interface TaskOptions {
  /** Unique name of the task; opening it fences whoever had it open before (their commits fail, `FENCED`). */
  readonly id: string;
  readonly group: string;
  /** The partitions the task consumes, whose committed offsets are wanted. */
  readonly partitions: readonly TopicPartition[];
  readonly stores?: readonly StoreSpec[] | undefined;
  readonly onRestore?: ((progress: RestoreProgress) => void) | undefined;
}

export interface StateChange {
  readonly store: string;
  readonly key: Buffer;
  /** `null` deletes the key. */
  readonly value: Buffer | null;
}

/** Bounds compare bytes. Left out: from the first, to the last key. */
export interface KeyRange {
  readonly gte?: Buffer | undefined;
  readonly lt?: Buffer | undefined;
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
}

export interface TaskCommit {
  readonly offsets?: readonly (RecordPosition & { readonly metadata?: string | undefined })[];
  readonly records?: readonly OutgoingRecord[];
  readonly changes?: readonly StateChange[];
}

/** One unit of exactly-once: its reads see exactly what its own commits have written. */
export interface TaskLog {
  readonly id: string;
  /** As of opening; a partition for which nothing was committed is missing. */
  readonly committed: readonly CommittedOffset[];
  /** One answer per key, in order. */
  getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]>;
  scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]>;
  /** About how many bytes the store takes up on disk. */
  sizeOf(store: string): Promise<number>;
  /** Outputs, state changes and offsets: all become visible, or none. Commits are ordered after every earlier
   * append of this process. Not synced to disk by itself: after a power cut a suffix of commits may be undone,
   * together with the offsets in it, so that their input is processed again to the same result. Pass `durable`
   * where the commit itself is an acknowledgement: it then resolves when it is as durable as an append. Resolved,
   * its records can be read. */
  commit(commit: TaskCommit, options?: { durable?: boolean }): Promise<void>;
  close(): Promise<void>;
}

export interface Log {
  readonly kind: 'embedded' | 'kafka';
  readonly defaultPartitions: number;
  /** Creates what is missing; a topic that exists with other partitions is a `PARTITIONS_DIFFER` error, one with
   * another `retentionMs` or `cleanup` takes over what is stated. */
  createTopics(specs: readonly TopicSpec[]): Promise<void>;
  topics(): Promise<readonly TopicInfo[]>;
  /** Resolves, with each record's position in the order given, when all are durable (see the adapter's `flush`
   * setting). Records of one call and one partition keep their order. A rejected append has written nothing
   * that a reader will see, or (Kafka, connection lost) its outcome is unknown and the caller may append again. */
  append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]>;
  /** Committed records of one partition, in order, in chunks of at most a few thousand. */
  read(options: ReadOptions): AsyncIterable<readonly StoredRecord[]>;
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** Per partition, the first offset whose record has `timestamp` or later, else the end. */
  offsetsAt(topic: string, timestamp: number): Promise<readonly RecordPosition[]>;
  /** Deletes the records of each partition before the offset given, as no longer needed by anyone. An adapter may
   * keep some of them for a while (the embedded log deletes batch by batch, and never the newest). `INVALID`: an
   * offset beyond the end, or a compacted topic, whose records stand for what else there is. */
  deleteRecords(before: readonly RecordPosition[]): Promise<void>;
  committed(group: string): Promise<readonly CommittedOffset[]>;
  /** Resolves when the consumer has joined; partitions come later, through `onAssigned`. */
  consume(options: ConsumeOptions): Promise<LogConsumer>;
  openTask(options: TaskOptions): Promise<TaskLog>;
  close(): Promise<void>;
}
