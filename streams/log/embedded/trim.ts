import type { GroupWriter } from './group-writer.ts';
import { batchKey } from './keys.ts';
import type { Partition } from './partition.ts';
import type { Storage } from './storage.ts';

/**
 * Deletes the batches whose records all lie before `offset`. The newest batch of a partition always stays: it carries
 * the end offset. The space is free once RocksDB compacts those tables, as more is written; asking for that at once
 * (`compactRange`) rewrites every level it crosses, and kept a busy directory three times as large.
 */
export async function trim(
  storage: Storage,
  writer: GroupWriter,
  partition: Partition,
  offset: number,
): Promise<void> {
  const [kept] = await storage.batchAt(partition, Math.min(offset, partition.end - 1));
  if (kept === undefined || kept.baseOffset <= partition.start) return;
  const from = batchKey(partition.topicId, partition.index, 0);
  const to = batchKey(partition.topicId, partition.index, kept.baseOffset);
  // Moved first, so that a reader that no longer finds its batch learns why.
  partition.start = kept.baseOffset;
  await writer.submit({
    records: [],
    partitions: [],
    sizes: [],
    mutations: [{ from, to }],
    durable: false,
  });
}
