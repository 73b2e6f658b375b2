import type { LogRecord } from '../log.ts';
import { batchKey } from './keys.ts';
import type { EncodedBatch, Partition } from './partition.ts';
import { encodeBatch } from './record-batch.ts';
import type { Mutation } from './storage.ts';

/** Records for partitions, and other changes: written together or not at all. */
export interface Write {
  readonly records: readonly LogRecord[];
  /** Where each record goes. */
  readonly partitions: readonly Partition[];
  /** `encodedSize` of each record. */
  readonly sizes: readonly number[];
  readonly mutations: readonly Mutation[];
  /** Resolve only when it would survive a power cut (if the log is set to `flush: 'disk'`). */
  readonly durable: boolean;
  /** Called when it is written, in the order of writing, before anyone learns of it. */
  readonly written?: (() => void) | undefined;
}

/** What one partition gets from a group. */
export interface Extension {
  readonly partition: Partition;
  readonly batches: readonly EncodedBatch[];
  readonly end: number;
  readonly maxTimestamp: number;
  readonly writtenAt: number;
  /** Whether any of the records must be durable before it is seen. */
  readonly durable: boolean;
}

export interface Group {
  readonly mutations: readonly Mutation[];
  readonly extensions: readonly Extension[];
  /** Per write, the offset of each of its records. */
  readonly offsets: readonly (readonly number[])[];
}

/** A batch is closed at either bound: readers load and decode whole batches. */
const MAX_BATCH_RECORDS = 1000;
const MAX_BATCH_BYTES = 512 * 1024;

interface Stage {
  readonly records: LogRecord[];
  readonly sizes: number[];
  durable: boolean;
}

/** Merges writes: offsets in the order of the writes, one batch per partition until a bound is reached. Changes
 * nothing; `now` is the wall clock. */
export function layOut(writes: readonly Write[], now: number): Group {
  const stages = new Map<Partition, Stage>();
  const mutations: Mutation[] = [];
  const offsets = writes.map((write) => {
    for (const mutation of write.mutations) mutations.push(mutation);
    return write.records.map((record, i) => {
      const partition = write.partitions[i]!;
      let stage = stages.get(partition);
      if (stage === undefined) {
        stage = { records: [], sizes: [], durable: false };
        stages.set(partition, stage);
      }
      stage.durable ||= write.durable;
      stage.sizes.push(write.sizes[i]!);
      return partition.next + stage.records.push(record) - 1;
    });
  });
  const extensions: Extension[] = [];
  for (const [partition, stage] of stages) {
    const extension = extend(partition, stage, now);
    extensions.push(extension);
    for (const { baseOffset, bytes } of extension.batches) {
      mutations.push({ key: batchKey(partition.topicId, partition.index, baseOffset), value: bytes });
    }
  }
  return { mutations, extensions, offsets };
}

function extend(partition: Partition, { records, sizes, durable }: Stage, now: number): Extension {
  const writtenAt = Math.max(partition.writtenAt, now);
  const batches: EncodedBatch[] = [];
  let { maxTimestamp } = partition;
  let first = 0;
  let size = 0;
  for (const [i, { timestamp }] of records.entries()) {
    size += sizes[i]!;
    if (timestamp > maxTimestamp) maxTimestamp = timestamp;
    const count = i + 1 - first;
    const isLast = i + 1 === records.length;
    if (!isLast && count < MAX_BATCH_RECORDS && size + sizes[i + 1]! <= MAX_BATCH_BYTES) continue;
    const baseOffset = partition.next + first;
    const run = count === records.length ? records : records.slice(first, i + 1);
    batches.push({
      baseOffset,
      count,
      bytes: encodeBatch(run, size, { baseOffset, maxTimestamp, writtenAt }),
    });
    first = i + 1;
    size = 0;
  }
  return { partition, batches, end: partition.next + records.length, maxTimestamp, writtenAt, durable };
}
