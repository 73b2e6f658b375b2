import { setImmediate } from 'node:timers/promises';
import { LogError } from '../errors.ts';
import type { StoredRecord } from '../log.ts';
import type { EncodedBatch, Partition } from './partition.ts';
import { decodeBatch } from './record-batch.ts';
import type { Storage } from './storage.ts';
import type { TailCache } from './tail-cache.ts';

/** A chunk is closed by the batch that reaches either. */
const CHUNK_RECORDS = 1000;
const CHUNK_BYTES = 1024 * 1024;
const MAX_BATCHES_PER_LOAD = 512;

/**
 * Reads one partition in order, from the tail cache where that holds the position, else from disk, where it loads
 * one chunk ahead of its caller.
 */
export class PartitionReader {
  readonly #partition: Partition;
  readonly #cache: TailCache;
  readonly #storage: Storage;
  #position: number;
  /** Whether a batch begins at the position; not so where a read begins in the middle of one. */
  #aligned = false;
  /** Loaded and not yet handed out; the first one holds the position. */
  #loaded: EncodedBatch[] = [];
  #ahead: Promise<EncodedBatch[]> | undefined;
  #batchBytes = 64 * 1024;

  constructor(partition: Partition, cache: TailCache, storage: Storage, from: number) {
    this.#partition = partition;
    this.#cache = cache;
    this.#storage = storage;
    this.#position = from;
  }

  /** Offset of the next record. */
  get position(): number {
    return this.#position;
  }

  /** The next records before `to`, or none if there are none yet. */
  async next(to: number): Promise<StoredRecord[]> {
    const { topic, index } = this.#partition;
    const records: StoredRecord[] = [];
    while (records.length === 0) {
      this.#skipDeleted();
      const end = Math.min(to, this.#partition.end);
      if (this.#position >= end) break;
      if (this.#loaded.length === 0) this.#loaded = await this.#load();
      let size = 0;
      while (
        this.#loaded.length > 0 &&
        records.length < CHUNK_RECORDS &&
        size < CHUNK_BYTES &&
        this.#position < end
      ) {
        const batch = this.#loaded[0]!;
        decodeBatch(batch.bytes, topic, index, this.#position, end, records);
        size += batch.bytes.length;
        const batchEnd = batch.baseOffset + batch.count;
        this.#position = Math.min(batchEnd, end);
        this.#aligned = this.#position === batchEnd;
        if (this.#aligned) this.#loaded.shift();
      }
    }
    this.#loadAhead(to);
    return records;
  }

  #skipDeleted(): void {
    if (this.#position >= this.#partition.start) return;
    this.#position = this.#partition.start;
    this.#aligned = true;
    this.#loaded = [];
    this.#ahead = undefined;
  }

  async #load(): Promise<EncodedBatch[]> {
    const cached = this.#cache.from(this.#partition, this.#position, CHUNK_BYTES);
    if (cached.length === 0) {
      const ahead = this.#ahead ?? this.#fromDisk();
      this.#ahead = undefined;
      return ahead;
    }
    this.#ahead = undefined;
    // A reader that keeps up would otherwise go on in microtasks for ever and let no socket be read.
    await setImmediate();
    return cached;
  }

  #loadAhead(to: number): void {
    const { end } = this.#partition;
    if (this.#loaded.length > 0 || this.#ahead !== undefined || this.#position >= Math.min(to, end)) return;
    if (this.#cache.from(this.#partition, this.#position, 1).length > 0) return;
    this.#ahead = this.#fromDisk();
    // Reported when it is awaited; the reader may be dropped before.
    this.#ahead.catch(() => {});
  }

  /** The next batches; none if retention overtook the position. */
  async #fromDisk(): Promise<EncodedBatch[]> {
    const partition = this.#partition;
    const position = this.#position;
    const limit = Math.ceil(Math.min(CHUNK_BYTES / this.#batchBytes, MAX_BATCHES_PER_LOAD));
    const batches = this.#aligned
      ? await this.#storage.batches(partition, position, partition.end, limit)
      : await this.#storage.batchAt(partition, position);
    if (position < partition.start) return [];
    let reached = position;
    let size = 0;
    for (const { baseOffset, count, bytes } of batches) {
      if (baseOffset > reached || baseOffset + count <= reached) break;
      reached = baseOffset + count;
      size += bytes.length;
    }
    if (reached === position) {
      throw new LogError('CORRUPT', `${partition.topic}-${partition.index}@${position} is missing`);
    }
    this.#batchBytes = size / batches.length;
    return batches;
  }
}
