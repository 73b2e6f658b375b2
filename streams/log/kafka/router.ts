import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../log.ts';
import { partitionForKey } from '../partitioner.ts';
import type { Cluster } from './cluster.ts';
import { BATCH_OVERHEAD, maxRecordSize } from './protocol/record-batch.ts';

/** A record with its place decided. */
export interface RoutedRecord {
  readonly record: OutgoingRecord;
  readonly partition: number;
  /** Bytes it takes in a batch, at most. */
  readonly size: number;
}

/** Checks records and chooses their partitions. */
export class Router {
  readonly #cluster: Cluster;
  readonly #maxBatchBytes: number;
  readonly #turns = new Map<string, number>();

  constructor(cluster: Cluster, maxBatchBytes: number) {
    this.#cluster = cluster;
    this.#maxBatchBytes = maxBatchBytes;
  }

  async route(records: readonly OutgoingRecord[]): Promise<RoutedRecord[]> {
    for (const record of records) this.#check(record);
    const unknown = new Set<string>();
    for (const { topic } of records) {
      if (this.#cluster.knownPartitionsOf(topic) === undefined) unknown.add(topic);
    }
    for (const topic of unknown) {
      await this.#cluster.retry(`partitions of ${topic}`, () => this.#cluster.partitionsOf(topic));
    }
    return records.map((record) => ({
      record,
      partition: this.#partition(record),
      size: maxRecordSize(record),
    }));
  }

  #check(record: OutgoingRecord): void {
    const size = maxRecordSize(record) + BATCH_OVERHEAD;
    if (size > this.#maxBatchBytes) {
      const detail = `${size} bytes for ${record.topic}; ${this.#maxBatchBytes} are accepted`;
      throw new LogError('RECORD_TOO_LARGE', detail);
    }
    if (!Number.isSafeInteger(record.timestamp) || record.timestamp < 0) {
      throw new LogError('INVALID', `timestamp ${record.timestamp} of a record for ${record.topic}`);
    }
  }

  #partition({ topic, partition, key }: OutgoingRecord): number {
    const count = this.#cluster.knownPartitionsOf(topic) ?? 0;
    if (partition !== undefined) {
      if (Number.isInteger(partition) && partition >= 0 && partition < count) return partition;
      throw new LogError('UNKNOWN_TOPIC', `${topic}-${partition}; ${topic} has ${count} partitions`);
    }
    if (key !== null) return partitionForKey(key, count);
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) % count);
    return turn % count;
  }
}
