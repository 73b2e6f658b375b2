import { setImmediate } from 'node:timers/promises';
import { LogError } from '../errors.ts';
import type { StoredRecord } from '../log.ts';
import type { EncodedBatch, Partition } from './partition.ts';
import { checkBatch, decodeBatch } from './record-batch.ts';
import type { Storage } from './storage.ts';
import type { TailCache } from './tail-cache.ts';

/** A chunk is closed by the batch that reaches either. */
const CHUNK_RECORDS = 1000;
const CHUNK_BYTES = 1024 * 1024;
/** Bounds what a load may bring when small batches are followed by full ones. */
const MAX_BATCHES_PER_LOAD = 32;

/**
 * Reads one partition in order, from the tail cache where that holds the position, else from disk, where it loads
 * one chunk ahead of its caller.
 */
export class PartitionReader {
  readonly #partition: Partition;
  readonly #cache: TailCache;
  readonly #storage: Storage;
  #position: number;
  /** Loaded and not yet handed out; the first one holds the position. */
  #loaded: readonly EncodedBatch[] = [];
  #unchecked = true;
  #ahead: Promise<readonly EncodedBatch[]> | undefined;
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
    const records: StoredRecord[] = [];
    while (records.length === 0) {
      this.#skipDeleted();
      const end = Math.min(to, this.#partition.end);
      if (this.#position >= end) break;
      if (this.#loaded.length === 0) await this.#load(end);
      this.#take(end, records);
    }
    return records;
  }

  #skipDeleted(): void {
    if (this.#position >= this.#partition.start) return;
    this.#position = this.#partition.start;
    this.#loaded = [];
    this.#ahead = undefined;
  }

  async #load(end: number): Promise<void> {
    const cached = this.#cache.from(this.#partition, this.#position, CHUNK_BYTES);
    if (cached.length > 0) {
      this.#loaded = cached;
      this.#unchecked = false;
      this.#ahead = undefined;
      // A reader that keeps up would otherwise go on in microtasks for ever and let no socket be read.
      await setImmediate();
      return;
    }
    this.#loaded = await (this.#ahead ?? this.#fromDisk(this.#position, end, false));
    this.#unchecked = true;
    const last = this.#loaded.at(-1);
    const next = last === undefined ? end : last.baseOffset + last.count;
    this.#ahead = next < end ? this.#fromDisk(next, end, true) : undefined;
    // Reported when it is awaited; the reader may be dropped before.
    this.#ahead?.catch(() => {});
  }

  /** Checked batch by batch, so that what lies before a corrupt one is still given. */
  #take(end: number, records: StoredRecord[]): void {
    const { topic, index } = this.#partition;
    let taken = 0;
    let size = 0;
    try {
      for (const { baseOffset, count, bytes } of this.#loaded) {
        if (records.length >= CHUNK_RECORDS || size >= CHUNK_BYTES || this.#position >= end) break;
        if (this.#unchecked) checkBatch(bytes, topic, index, baseOffset);
        decodeBatch(bytes, topic, index, this.#position, end, records);
        size += bytes.length;
        this.#position = Math.min(baseOffset + count, end);
        taken++;
      }
    } catch (error) {
      if (records.length === 0) throw error;
    }
    this.#loaded = this.#loaded.slice(taken);
  }

  /** The next batches before `end`, from `position` on; none if retention overtook it. `aligned`: a batch
   * began at the position. */
  async #fromDisk(position: number, end: number, aligned: boolean): Promise<readonly EncodedBatch[]> {
    const partition = this.#partition;
    const limit = Math.ceil(Math.min(CHUNK_BYTES / this.#batchBytes, MAX_BATCHES_PER_LOAD));
    let batches = aligned ? await this.#storage.batches(partition, position, end, limit) : [];
    // Also when compaction has drawn the bounds anew since.
    if (batches[0]?.baseOffset !== position) batches = await this.#storage.batchAt(partition, position);
    if (position < partition.start) return [];
    const contiguous: EncodedBatch[] = [];
    let reached = position;
    let size = 0;
    for (const batch of batches) {
      if (batch.baseOffset > reached || batch.baseOffset + batch.count <= reached) break;
      contiguous.push(batch);
      reached = batch.baseOffset + batch.count;
      size += batch.bytes.length;
    }
    if (contiguous.length === 0) {
      throw new LogError('CORRUPT', `${partition.topic}-${partition.index}@${position} is missing`);
    }
    this.#batchBytes = size / contiguous.length;
    return contiguous;
  }
}
