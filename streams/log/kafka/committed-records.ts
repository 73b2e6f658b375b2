import type { StoredRecord } from '../log.ts';
import { decodeBatch, splitBatches } from './protocol/record-batch.ts';
import type { FetchResult } from './protocol/requests.ts';

export interface Chunk {
  readonly records: readonly StoredRecord[];
  /** Where to fetch next; more than one after the last record where markers or aborted records follow it. */
  readonly next: number;
  readonly bytes: number;
}

/**
 * The records of a fetched range with `from` <= offset < `to` that no transaction has taken back. The broker stops
 * before transactions still open and names those that were aborted; what those wrote is skipped here, from where
 * each began to the marker that ended it.
 */
export function committedRecords(fetched: FetchResult, from: number, to: number): Chunk {
  const { topic, partition, aborted } = fetched;
  const toCome = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const records: StoredRecord[] = [];
  let next = from;
  for (const batch of splitBatches(fetched.records, `${topic}-${partition}`)) {
    if (batch.baseOffset >= to) break;
    while (toCome[0] !== undefined && toCome[0].firstOffset <= batch.lastOffset) {
      aborting.add(toCome[0].producerId);
      toCome.shift();
    }
    if (batch.marker === 'abort') aborting.delete(batch.producerId);
    const skipped = batch.transactional && aborting.has(batch.producerId);
    if (batch.marker === undefined && !skipped) decodeBatch(batch, topic, partition, from, to, records);
    next = Math.max(next, batch.lastOffset + 1);
  }
  return { records, next: Math.min(next, to), bytes: fetched.records.length };
}

/** Chunks that a caller can take in at once. */
export function* slices(records: readonly StoredRecord[]): Generator<readonly StoredRecord[]> {
  if (records.length <= MAX_CHUNK_RECORDS) {
    if (records.length > 0) yield records;
    return;
  }
  for (let i = 0; i < records.length; i += MAX_CHUNK_RECORDS) yield records.slice(i, i + MAX_CHUNK_RECORDS);
}

const MAX_CHUNK_RECORDS = 2_000;
