import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../log/log.ts';
import { PartitionGroup } from './partition-group.ts';

const records = (topic: string, ...timestamps: number[]): StoredRecord[] =>
  timestamps.map((timestamp, offset) => ({
    topic,
    partition: 0,
    offset,
    key: null,
    value: null,
    timestamp,
    headers: [],
  }));

const shown = (taken: readonly StoredRecord[]) => taken.map(({ topic, timestamp }) => `${topic}${timestamp}`);

describe('the records a task has fetched', () => {
  it('are taken in order of timestamp across partitions, in log order within one', () => {
    const group = new PartitionGroup();
    group.add(records('a', 5, 3, 9));
    group.add(records('b', 1, 6));
    group.add(records('c', 4));
    expect(shown(group.take(3))).toEqual(['b1', 'c4', 'a5']);
    expect(group.size).toBe(3);
    group.add(records('c', 2));
    expect(shown(group.take(10))).toEqual(['c2', 'a3', 'b6', 'a9']);
    expect(group.size).toBe(0);
  });

  it('take turns where partitions have the same timestamp', () => {
    const group = new PartitionGroup();
    group.add(records('a', 1, 1, 1));
    group.add(records('b', 1, 1));
    expect(shown(group.take(10))).toEqual(['a1', 'b1', 'a1', 'b1', 'a1']);
  });

  it('are forgotten at once', () => {
    const group = new PartitionGroup();
    group.add(records('a', 1, 2));
    group.take(1);
    group.clear();
    group.add(records('a', 7));
    expect(shown(group.take(10))).toEqual(['a7']);
  });
});
