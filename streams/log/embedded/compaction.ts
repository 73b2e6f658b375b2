import type { StoredRecord } from '../log.ts';
import type { Catalog } from './catalog.ts';
import type { GroupWriter } from './group-writer.ts';
import { batchKey, metaKey, metaRange } from './keys.ts';
import type { Partition } from './partition.ts';
import { checkBatch, decodeBatch, encodedSize, encodeSparseBatch } from './record-batch.ts';
import type { Mutation, Storage, StoredBatch } from './storage.ts';
import type { TailCache } from './tail-cache.ts';

/** Larger partitions are kept whole: compaction reads all of one into memory. */
const MAX_BYTES = 8 * 1024 * 1024;
/** That a key was deleted is remembered for so long, as Kafka does (`delete.retention.ms`), for whoever follows. */
const TOMBSTONE_MS = 24 * 3600 * 1000;
const BATCH_BYTES = 512 * 1024;

interface Parts {
  readonly catalog: Catalog;
  readonly storage: Storage;
  readonly cache: TailCache;
  readonly writer: GroupWriter;
}

/** A record, and when the log wrote it. */
interface Kept {
  readonly record: StoredRecord;
  readonly writtenAt: number;
}

/**
 * Takes out of compacted topics whatever a later record of the same key has replaced, and sees to it that it is gone
 * from the disk too: a secret's key that was destroyed must not lie on in some file. First the partition is
 * rewritten, in one commit; then RocksDB rewrites the files it lies in and drops the write-ahead log before that.
 * The commit leaves a mark that is taken away only after the second step, so that a crash in between delays it to the
 * next start.
 *
 * Rewriting files costs as much as is in them, some hundred megabytes in a busy directory. So it is done for small
 * partitions, and only when there is something to take out.
 */
export class Compaction {
  readonly #parts: Parts;
  /** How far a partition was looked through, and when it is to be again even if nothing is added. */
  readonly #seen = new Map<Partition, { readonly end: number; readonly until: number }>();
  /** Rewritten, and not yet erased. */
  #marked: { readonly topic: string; readonly partition: number }[] | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(now: number): Promise<void> {
    const { catalog } = this.#parts;
    this.#marked ??= await this.#readMarks();
    for (const { info, partitions } of catalog.all())
      if (info.cleanup === 'compact') for (const each of partitions) await this.#compact(each, now);
    for (let mark = this.#marked.at(-1); mark !== undefined; mark = this.#marked.at(-1)) {
      await this.#erase(catalog.partition(mark.topic, mark.partition));
      this.#marked.pop();
    }
  }

  async #compact(partition: Partition, now: number): Promise<void> {
    const { storage, writer, cache } = this.#parts;
    const { topic, index, start, end } = partition;
    const seen = this.#seen.get(partition);
    if (start === end || (seen?.end === end && now < seen.until)) return;
    if ((await storage.approximateBytes(...rangeOf(partition))) > MAX_BYTES) return;
    const all = await this.#read(partition, end);
    const kept = survivors(all, now - TOMBSTONE_MS);
    const deleted = kept.filter(({ record }) => record.value === null);
    const until = Math.min(...deleted.map(({ writtenAt }) => writtenAt + TOMBSTONE_MS));
    if (kept.length < all.length) {
      const mark = {
        key: markOf(partition),
        value: Buffer.from(JSON.stringify({ topic, partition: index })),
      };
      const range = {
        from: batchKey(partition.topicId, index, start),
        to: batchKey(partition.topicId, index, end),
      };
      await writer.submit(changes([range, ...batchesOf(partition, kept, end), mark]));
      cache.forget(partition);
      this.#marked?.push({ topic, partition: index });
    }
    this.#seen.set(partition, { end, until });
  }

  async #erase(partition: Partition): Promise<void> {
    const { storage, writer } = this.#parts;
    await storage.erase(...rangeOf(partition));
    // Durable, so that the log also lets go of the write-ahead log file it had open.
    await writer.submit({ ...changes([{ key: markOf(partition), value: null }]), durable: true });
  }

  async #read(partition: Partition, end: number): Promise<Kept[]> {
    const { topic, index } = partition;
    const found: Kept[] = [];
    for (let from = partition.start; from < end; ) {
      const batches: readonly StoredBatch[] = await this.#parts.storage.batches(partition, from, end, 32);
      for (const { baseOffset, count, bytes, writtenAt } of batches) {
        checkBatch(bytes, topic, index, baseOffset);
        const records: StoredRecord[] = [];
        decodeBatch(bytes, topic, index, from, end, records);
        found.push(...records.map((record) => ({ record, writtenAt })));
        from = baseOffset + count;
      }
      if (batches.length === 0) break;
    }
    return found;
  }

  async #readMarks(): Promise<{ topic: string; partition: number }[]> {
    const marks = await this.#parts.storage.entries(metaRange('erase'));
    return marks.map(({ value }) => JSON.parse(value.toString()));
  }
}

/** The last record of each key; of those that say it is deleted, only the ones written after `deletedBefore`. Records
 * without a key replace nothing. */
function survivors(all: readonly Kept[], deletedBefore: number): Kept[] {
  const last = new Map(all.map(({ record }, i) => [record.key?.toString('latin1'), i]));
  return all.filter(
    ({ record: { key, value }, writtenAt }, i) =>
      key === null ||
      (last.get(key.toString('latin1')) === i && (value !== null || writtenAt > deletedBefore)),
  );
}

/** Batches that stand, together, for all offsets from the start of the partition to `end`. */
function batchesOf(
  { topicId, index, start, writtenAt }: Partition,
  kept: readonly Kept[],
  end: number,
): Mutation[] {
  const batches: Mutation[] = [];
  let [baseOffset, size, maxTimestamp] = [start, 0, 0];
  let records: StoredRecord[] = [];
  const close = (to: number): void => {
    const info = { baseOffset, count: to - baseOffset, maxTimestamp, writtenAt };
    batches.push({ key: batchKey(topicId, index, baseOffset), value: encodeSparseBatch(records, info) });
    [baseOffset, size, records] = [to, 0, []];
  };
  for (const { record } of kept) {
    if (size > BATCH_BYTES) close(record.offset);
    records.push(record);
    size += encodedSize(record);
    maxTimestamp = Math.max(maxTimestamp, record.timestamp);
  }
  close(end);
  return batches;
}

const rangeOf = ({ topicId, index }: Partition): [gte: Buffer, lt: Buffer] => [
  batchKey(topicId, index, 0),
  batchKey(topicId, index + 1, 0),
];

const markOf = ({ topicId, index }: Partition): Buffer => metaKey('erase', topicId, index);

const changes = (mutations: readonly Mutation[]) => ({
  records: [],
  partitions: [],
  sizes: [],
  mutations,
  durable: false,
});
