import { LogError } from '../errors.ts';
import type { ReadOptions, StoredRecord } from '../log.ts';
import type { Partition } from './partition.ts';
import type { PartitionReader } from './partition-reader.ts';

/** What a reader needs of the log around it. */
export interface ReadContext {
  reader(partition: Partition, from: number): PartitionReader;
  /** Whether the log is closed; partitions are woken when that changes. */
  closed(): boolean;
}

/** `Log.read` of one partition. */
export async function* readPartition(
  context: ReadContext,
  partition: Partition,
  options: ReadOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const { from, follow = false, signal } = options;
  const end = follow ? Number.POSITIVE_INFINITY : partition.end;
  const to = Math.min(options.to ?? end, end);
  const reader = context.reader(partition, from);
  while (signal?.aborted !== true && reader.position < to) {
    const records = await nextOf(reader, to, context);
    if (signal?.aborted) return;
    if (records.length > 0) yield records;
    else if (reader.position < to && reader.position >= partition.end) await changed(partition, signal);
  }
}

async function nextOf(reader: PartitionReader, to: number, context: ReadContext): Promise<StoredRecord[]> {
  try {
    if (!context.closed()) return await reader.next(to);
  } catch (error) {
    // Storage that is being closed under a read fails in its own words.
    if (!context.closed()) throw error;
  }
  throw new LogError('CLOSED', 'while it was being read');
}

/** Resolves when more of the partition may be read, or the signal aborts. */
export function changed(partition: Partition, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const forget = partition.onChange(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    });
    const aborted = (): void => {
      forget();
      resolve();
    };
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
