import type { StoredRecord } from '../log.ts';
import type { Partition } from './partition.ts';
import { type BatchInfo, decodeBatch } from './record-batch.ts';
import type { Storage, StoredBatch } from './storage.ts';

/** Offset of the first record with this timestamp or later, else the end. */
export async function offsetAt(storage: Storage, partition: Partition, timestamp: number): Promise<number> {
  if (partition.maxTimestamp < timestamp) return partition.end;
  // The greatest timestamp so far reaches `timestamp` in the very batch that holds the first such record.
  const { topic, index, start, end } = partition;
  let batch = await firstBatch(storage, partition, ({ maxTimestamp }) => maxTimestamp >= timestamp);
  while (batch !== undefined) {
    const records: StoredRecord[] = [];
    decodeBatch(batch.bytes, topic, index, start, end, records);
    const found = records.find((record) => record.timestamp >= timestamp);
    if (found !== undefined) return found.offset;
    // Compaction took the record that had it.
    [batch] = await storage.batches(partition, batch.baseOffset + batch.count, end, 1);
  }
  return end;
}

/** The first batch for which `reached` holds; it must stay true from there on. */
export async function firstBatch(
  storage: Storage,
  partition: Partition,
  reached: (batch: BatchInfo) => boolean,
): Promise<StoredBatch | undefined> {
  let low = partition.start;
  let high = partition.end;
  let found: StoredBatch | undefined;
  while (low < high) {
    const [batch] = await storage.batchAt(partition, Math.floor((low + high) / 2));
    if (batch === undefined || batch.baseOffset + batch.count <= low) break;
    if (reached(batch)) {
      found = batch;
      high = batch.baseOffset;
    } else low = batch.baseOffset + batch.count;
  }
  return found;
}
