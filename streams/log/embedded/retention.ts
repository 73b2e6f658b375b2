import type { TopicInfo } from '../log.ts';
import type { Catalog } from './catalog.ts';
import type { GroupWriter } from './group-writer.ts';
import type { Partition } from './partition.ts';
import type { Storage } from './storage.ts';
import { firstBatch } from './time-index.ts';
import { trim } from './trim.ts';

/** Deletion waits until this share of the retention can go at once: reads have to consider each deletion until
 * its space is free. */
const STEP = 1 / 16;

/**
 * Deletes batches written longer ago than their topic's `retentionMs`. Time is when the log wrote them, not what
 * their records claim. Compacted topics are the affair of `Compaction`.
 */
export class Retention {
  readonly #catalog: Catalog;
  readonly #storage: Storage;
  readonly #writer: GroupWriter;
  /** When the first batch of a partition was written, and its base offset then. */
  readonly #oldest = new Map<Partition, { readonly start: number; readonly writtenAt: number }>();

  constructor(catalog: Catalog, storage: Storage, writer: GroupWriter) {
    this.#catalog = catalog;
    this.#storage = storage;
    this.#writer = writer;
  }

  async enforce(now: number): Promise<void> {
    for (const { info, partitions } of this.#catalog.all()) {
      for (const partition of partitions) await this.#expire(partition, info, now);
    }
  }

  async #expire(partition: Partition, { retentionMs, cleanup }: TopicInfo, now: number): Promise<void> {
    if (retentionMs === undefined || cleanup === 'compact') return;
    const before = now - retentionMs;
    if ((await this.#oldestWrittenAt(partition)) >= before - retentionMs * STEP) return;
    const reached = await firstBatch(this.#storage, partition, ({ writtenAt }) => writtenAt >= before);
    await trim(this.#storage, this.#writer, partition, reached?.baseOffset ?? partition.end);
  }

  /** Kept, so that a partition with nothing to delete costs no read. */
  async #oldestWrittenAt(partition: Partition): Promise<number> {
    const { start, end } = partition;
    if (start === end) return Number.POSITIVE_INFINITY;
    const known = this.#oldest.get(partition);
    if (known?.start === start) return known.writtenAt;
    const [first] = await this.#storage.batchAt(partition, start);
    const writtenAt = first?.writtenAt ?? Number.POSITIVE_INFINITY;
    this.#oldest.set(partition, { start, writtenAt });
    return writtenAt;
  }
}
