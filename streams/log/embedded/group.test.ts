import { expect, test } from 'vitest';
import type { LogRecord } from '../log.ts';
import { layOut, type Write } from './group.ts';
import { Partition } from './partition.ts';
import { batchInfo, encodedSize } from './record-batch.ts';

function record(size: number, timestamp = 1): LogRecord {
  return { key: null, value: Buffer.alloc(size), timestamp, headers: [] };
}

function write(partitions: readonly Partition[], records: readonly LogRecord[]): Write {
  return { records, partitions, sizes: records.map(encodedSize), mutations: [], durable: true };
}

test('records of several writes are numbered in order and merged by partition', () => {
  const [a, b] = [new Partition('t', 1, 0), new Partition('t', 1, 1)];
  a.next = 10;
  const one = record(1);
  const { offsets, extensions, mutations } = layOut(
    [write([a, b, a], [one, one, one]), write([b, a], [one, one])],
    0,
  );
  expect(offsets).toEqual([
    [10, 0, 11],
    [1, 12],
  ]);
  expect(extensions.map(({ partition, end, batches }) => [partition.index, end, batches.length])).toEqual([
    [0, 13, 1],
    [1, 2, 1],
  ]);
  expect(mutations).toHaveLength(2);
  expect(a.next).toBe(10);
});

test('a batch is closed at a thousand records or half a megabyte', () => {
  const counts = (size: number, count: number): number[] => {
    const partition = new Partition('t', 1, 0);
    const records = Array.from({ length: count }, () => record(size));
    const [extension] = layOut([write(Array(count).fill(partition), records)], 0).extensions;
    let next = 0;
    for (const batch of extension?.batches ?? []) {
      expect(batchInfo(batch.bytes)).toMatchObject({ baseOffset: next, count: batch.count });
      expect(batch.bytes.length).toBeLessThan(512 * 1024 + size);
      next += batch.count;
    }
    expect(next).toBe(count);
    return extension?.batches.map((batch) => batch.count) ?? [];
  };
  expect(counts(10, 2001)).toEqual([1000, 1000, 1]);
  expect(counts(200_000, 5)).toEqual([2, 2, 1]);
  expect(counts(900_000, 2)).toEqual([1, 1]);
});

test('the times a batch carries never go back, so that they can be bisected', () => {
  const partition = new Partition('t', 1, 0);
  partition.maxTimestamp = 50;
  partition.writtenAt = 1000;
  const [extension] = layOut([write([partition], [record(1, 7)])], 900).extensions;
  expect(extension?.batches.map(({ bytes }) => batchInfo(bytes))).toMatchObject([
    { maxTimestamp: 50, writtenAt: 1000 },
  ]);
  expect(extension).toMatchObject({ maxTimestamp: 50, writtenAt: 1000 });
});
