import { expect, test } from 'vitest';
import { type EncodedBatch, Partition } from './partition.ts';
import { TailCache } from './tail-cache.ts';

function batch(baseOffset: number, count: number, size: number): EncodedBatch {
  return { baseOffset, count, bytes: Buffer.alloc(size) };
}

const bases = (batches: readonly EncodedBatch[]): number[] => batches.map(({ baseOffset }) => baseOffset);

test('gives the batches from the one that holds an offset', () => {
  const cache = new TailCache(1000);
  const partition = new Partition('t', 1, 0);
  for (let i = 0; i < 5; i++) cache.add(partition, batch(i * 10, 10, 100));
  expect(bases(cache.from(partition, 0, 1000))).toEqual([0, 10, 20, 30, 40]);
  expect(bases(cache.from(partition, 19, 1000))).toEqual([10, 20, 30, 40]);
  expect(bases(cache.from(partition, 20, 150))).toEqual([20, 30]);
  expect(bases(cache.from(partition, 50, 1000))).toEqual([]);
  expect(bases(cache.from(new Partition('t', 1, 1), 0, 1000))).toEqual([]);
});

test('lets go of the oldest of all partitions when it is full, and never gives a gap', () => {
  const cache = new TailCache(1000);
  const partitions = [new Partition('t', 1, 0), new Partition('t', 1, 1)];
  for (let i = 0; i < 5000; i++) cache.add(partitions[i % 2]!, batch(Math.floor(i / 2), 1, 100));
  for (const partition of partitions) {
    expect(bases(cache.from(partition, 2495, 10_000))).toEqual([2495, 2496, 2497, 2498, 2499]);
    expect(bases(cache.from(partition, 2494, 10_000))).toEqual([]);
  }
});

test('keeps nothing larger than itself', () => {
  const cache = new TailCache(1000);
  const partition = new Partition('t', 1, 0);
  cache.add(partition, batch(0, 1, 100));
  cache.add(partition, batch(1, 1, 2000));
  expect(cache.from(partition, 0, 10_000)).toEqual([]);
  cache.add(partition, batch(2, 1, 100));
  expect(bases(cache.from(partition, 2, 10_000))).toEqual([2]);
});
