import type RocksDB from 'rocksdb-native';
import { LogError } from '../errors.ts';
import { baseOffsetOf, batchKey } from './keys.ts';
import type { RocksDBClass } from './load-rocksdb.ts';
import { lockedError } from './owner.ts';
import type { EncodedBatch, Partition } from './partition.ts';
import { type BatchInfo, batchInfo, checkBatch } from './record-batch.ts';

/** One change of the key space; a write is a list of them, applied all or not at all. */
export type Mutation =
  | { readonly key: Buffer; readonly value: Buffer | null }
  | { readonly from: Buffer; readonly to: Buffer };

export interface StoredBatch extends BatchInfo, EncodedBatch {}

/*
 * Sizes that bound memory: three memtables of 16 MB and the block cache's fixed 32 MB. Values lie in the tables
 * themselves, not in blob files: those would be written once instead of about four times, but were read back at
 * 0.6 GB/s instead of 1.1 GB/s, and keep the space of deleted batches while any batch written beside them lives.
 */
const OPTIONS = { writeBufferSize: 16 * 1024 * 1024, maxWriteBufferNumber: 3, maxBackgroundJobs: 2 };

/** RocksDB in the terms of this log, with its errors turned into ours. */
export class Storage {
  readonly db: RocksDB;

  private constructor(db: RocksDB) {
    this.db = db;
  }

  static async open(load: RocksDBClass, directory: string, options = OPTIONS): Promise<Storage> {
    const db = new load(directory, options);
    try {
      await db.ready();
    } catch (error) {
      if (error instanceof Error && /lock/i.test(error.message)) throw await lockedError(directory, error);
      throw storageError(`${directory} cannot be opened`, error);
    }
    return new Storage(db);
  }

  async write(mutations: readonly Mutation[]): Promise<void> {
    // Also because the library uses batches again, and one made with no capacity never grows.
    if (mutations.length === 0) return;
    const batch = this.db.write({ capacity: mutations.length });
    for (const mutation of mutations) {
      if ('from' in mutation) batch.tryDeleteRange(mutation.from, mutation.to);
      else if (mutation.value === null) batch.tryDelete(mutation.key);
      else batch.tryPut(mutation.key, mutation.value);
    }
    try {
      await batch.flush();
    } catch (error) {
      throw storageError('a write failed, is the disk full?', error);
    } finally {
      batch.destroy();
    }
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    if (keys.length === 0) return [];
    const batch = this.db.read({ capacity: keys.length });
    const values = Promise.all(keys.map((key) => batch.get(key)));
    try {
      const [found] = await Promise.all([values, batch.flush()]);
      return found;
    } catch (error) {
      throw storageError('a read failed', error);
    } finally {
      batch.destroy();
    }
  }

  /** Everything in `gte` <= key < `lt`, or its first `limit` entries (its last, latest first, if `reverse`). */
  async entries(range: {
    readonly gte: Buffer;
    readonly lt: Buffer;
    readonly limit?: number;
    readonly reverse?: boolean;
    /** `false`: leave the values out. */
    readonly values?: boolean;
  }): Promise<{ readonly key: Buffer; readonly value: Buffer }[]> {
    const { gte, lt, limit = Number.POSITIVE_INFINITY, reverse = false, values = true } = range;
    const found: { key: Buffer; value: Buffer }[] = [];
    if (limit <= 0 || gte.compare(lt) >= 0) return found;
    try {
      // One more than the limit: the library then knows after one read that it is at the end.
      const capacity = Math.min(limit, 1023) + 1;
      const entries = this.db.iterator({ gte, lt, limit, reverse, values, capacity });
      for await (const entry of entries) found.push(entry);
      return found;
    } catch (error) {
      throw storageError('a read failed', error);
    }
  }

  /** Of the entries in `gte` <= key < `lt`, those not yet in files included. */
  async approximateBytes(gte: Buffer, lt: Buffer): Promise<number> {
    return Number(await this.db.approximateSize(gte, lt, { includeMemtables: true, includeFiles: true }));
  }

  /** Base offset of the partition's first batch. */
  async firstOffset({ topicId, index }: Partition): Promise<number | undefined> {
    const gte = batchKey(topicId, index, 0);
    const lt = batchKey(topicId, index + 1, 0);
    const [first] = await this.entries({ gte, lt, limit: 1, values: false });
    return first && baseOffsetOf(first.key);
  }

  /** Up to `limit` batches in order, from the one based at `baseOffset`, before `end`. Not checked: see `checkBatch`. */
  async batches(
    partition: Partition,
    baseOffset: number,
    end: number,
    limit: number,
  ): Promise<StoredBatch[]> {
    const { topicId, index } = partition;
    const gte = batchKey(topicId, index, baseOffset);
    const entries = await this.entries({ gte, lt: batchKey(topicId, index, end), limit });
    return entries.map(({ value }) => ({ ...batchInfo(value), bytes: value }));
  }

  /** The last batch based at or before `offset`, checked; none if there is no such. */
  async batchAt(partition: Partition, offset: number): Promise<StoredBatch[]> {
    const { topicId, index } = partition;
    const lt = batchKey(topicId, index, offset + 1);
    const entries = await this.entries({ gte: batchKey(topicId, index, 0), lt, limit: 1, reverse: true });
    for (const { key, value } of entries) {
      checkBatch(value, partition.topic, partition.index, baseOffsetOf(key));
    }
    return entries.map(({ value }) => ({ ...batchInfo(value), bytes: value }));
  }

  /** Rewrites the files with what is in `gte` <= key < `lt`, so that what was overwritten or deleted there is in no
   * file any more, write-ahead log included. */
  async erase(gte: Buffer, lt: Buffer): Promise<void> {
    try {
      await this.db.flush();
      await this.db.compactRange(gte, lt, { bottommostLevelCompaction: 2 });
    } catch (error) {
      throw storageError('compacting failed', error);
    }
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}

export function storageError(what: string, cause: unknown): LogError {
  if (cause instanceof LogError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = /corrupt|checksum|mismatch/i.test(message) ? 'CORRUPT' : 'UNAVAILABLE';
  return new LogError(code, `${what} (${message})`, { cause });
}
