import type { Catalog } from './catalog.ts';
import type { GroupWriter } from './group-writer.ts';
import { batchKey } from './keys.ts';
import type { Partition } from './partition.ts';
import type { Storage } from './storage.ts';
import { firstBatch } from './time-index.ts';

/**
 * Deletes batches written longer ago than their topic's `retentionMs`. Time is when the log wrote them, not what
 * their records claim. The newest batch of a partition always stays: it carries the end offset. Compacted topics
 * are kept whole.
 */
export async function enforceRetention(
  catalog: Catalog,
  storage: Storage,
  writer: GroupWriter,
  now: number,
): Promise<void> {
  for (const { info, partitions } of catalog.all()) {
    const { retentionMs, cleanup } = info;
    if (retentionMs === undefined || cleanup === 'compact') continue;
    for (const partition of partitions) await expire(partition, storage, writer, now - retentionMs);
  }
}

async function expire(
  partition: Partition,
  storage: Storage,
  writer: GroupWriter,
  before: number,
): Promise<void> {
  const newest = await storage.batchAt(partition, partition.end - 1);
  const kept = (await firstBatch(storage, partition, ({ writtenAt }) => writtenAt >= before)) ?? newest[0];
  if (kept === undefined || kept.baseOffset <= partition.start) return;
  const { topicId, index } = partition;
  const from = batchKey(topicId, index, 0);
  const to = batchKey(topicId, index, kept.baseOffset);
  // Moved first, so that a reader that no longer finds its batch learns why.
  partition.start = kept.baseOffset;
  await writer.submit({ records: [], partitions: [], sizes: [], mutations: [{ from, to }], durable: false });
  await storage.reclaim(from, to);
}
