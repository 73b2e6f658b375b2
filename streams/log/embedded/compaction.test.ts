import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { collect, DEADLINE } from '../contract/log-under-test.ts';
import type { Log, OutgoingRecord, StoredRecord } from '../log.ts';
import { type EmbeddedLogOptions, openEmbeddedLog } from './index.ts';
import { loadRocksDB } from './load-rocksdb.ts';
import { Storage } from './storage.ts';

const DAY = 24 * 3600 * 1000;

let directory: string;
let now: number;
let log: Log;

const open = async (options: Partial<EmbeddedLogOptions> = {}): Promise<void> => {
  log = await openEmbeddedLog({ directory, flush: 'os', now: () => now, retentionCheckMs: 5, ...options });
  await log.createTopics([{ name: 't', partitions: 1, cleanup: 'compact' }]);
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compaction-'));
  now = 10 * DAY;
});

afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

const put = (key: string | null, value: string | null, timestamp = 1): OutgoingRecord => ({
  topic: 't',
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp,
  headers: [],
});

const shown = ({ offset, key, value }: StoredRecord): string => `${offset} ${key}=${value}`;

const all = async (from = 0): Promise<string[]> =>
  (await collect(log.read({ topic: 't', partition: 0, from }))).map(shown);

const becomes = (expected: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect(await all()).toEqual(expected), DEADLINE);

/** Names of the files that hold the text. */
async function filesWith(text: string): Promise<string[]> {
  const names = await readdir(directory);
  const contents = await Promise.all(
    names.map((name) => readFile(join(directory, name)).catch(() => Buffer.alloc(0))),
  );
  return names.filter((_, i) => contents[i]?.includes(text));
}

describe('a compacted topic', () => {
  test('keeps the last record of each key, where it was, and all without a key', async () => {
    await open();
    await log.append([put('a', '1'), put('b', '1'), put(null, 'x'), put('a', '2')]);
    await log.append([put(null, 'y'), put('a', '3'), put('c', '1')]);
    await becomes(['1 b=1', '2 null=x', '4 null=y', '5 a=3', '6 c=1']);
    expect(await log.offsets('t')).toEqual([{ topic: 't', partition: 0, start: 0, end: 7 }]);
    expect(await all(3)).toEqual(['4 null=y', '5 a=3', '6 c=1']);
    await log.append([put('d', '1')]);
    await log.close();
    await open();
    expect((await all()).at(-1)).toBe('7 d=1');
  });

  test('is gone on with by whoever follows it, wherever that one is', async () => {
    await open({ tailCacheBytes: 0 });
    for (let i = 0; i < 50; i++) await log.append([put(`key ${i % 7}`, `${i}`)]);
    const stop = new AbortController();
    const reading = log.read({ topic: 't', partition: 0, from: 20, follow: true, signal: stop.signal });
    const seen: number[] = [];
    const following = (async () => {
      for await (const records of reading) seen.push(...records.map(({ offset }) => offset));
    })();
    await vi.waitFor(async () => expect(await all()).toHaveLength(7), DEADLINE);
    for (let i = 50; i < 60; i++) await log.append([put(`key ${i}`, `${i}`)]);
    await vi.waitFor(() => expect(seen.at(-1)).toBe(59), DEADLINE);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => 50 + i));
    stop.abort();
    await following;
  });

  test('that was emptied still knows where it ends', async () => {
    await open();
    await log.append([put('a', '1'), put('a', null)]);
    await becomes(['1 a=null']);
    now += 2 * DAY;
    await becomes([]);
    await log.close();
    await open();
    expect(await log.offsets('t')).toEqual([{ topic: 't', partition: 0, start: 0, end: 2 }]);
    await log.append([put('a', '2')]);
    expect(await all()).toEqual(['2 a=2']);
  });

  test('remembers for a day that a key was deleted', async () => {
    await open();
    await log.append([put('a', '1'), put('b', '1'), put('a', null)]);
    await becomes(['1 b=1', '2 a=null']);
    now += DAY - 1;
    await log.append([put('c', '1')]);
    await becomes(['1 b=1', '2 a=null', '3 c=1']);
    now += 1 + DAY;
    await becomes(['1 b=1', '3 c=1']);
  });

  test('larger than fits into memory is kept whole', async () => {
    await open({ retentionCheckMs: 1_000_000 });
    const value = (): string => randomBytes(450_000).toString('hex');
    for (let i = 0; i < 12; i++) await log.append([put('a', value())]);
    for (let i = 0; i < 12; i++) await log.append([put('b', value())]);
    await log.close();
    await open();
    await log.createTopics([{ name: 'small', partitions: 1, cleanup: 'compact' }]);
    for (const each of ['1', '2']) await log.append([{ ...put('a', each), topic: 'small' }]);
    // It is looked at after the other.
    await vi.waitFor(
      async () => expect(await collect(log.read({ topic: 'small', partition: 0, from: 0 }))).toHaveLength(1),
      DEADLINE,
    );
    expect(await all()).toHaveLength(24);
  });

  test('finds by time what is left, as reading does', async () => {
    const last = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 50 })), { minLength: 1, maxLength: 6 }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        fc.nat({ max: 60 }),
        async (appends, time) => {
          await open({ retentionCheckMs: 1 });
          try {
            let offset = (await log.offsets('t'))[0]?.end ?? 0;
            for (const records of appends) {
              await log.append(records.map(([key, timestamp]) => put(`${key}`, 'v', timestamp)));
              for (const [key] of records) last.set(`${key}`, offset++);
            }
            const records = await vi.waitFor(async () => {
              const left = await collect(log.read({ topic: 't', partition: 0, from: 0 }));
              expect(left.map((record) => record.offset)).toEqual([...last.values()].sort((a, b) => a - b));
              return left;
            }, DEADLINE);
            const first = records.find((record) => record.timestamp >= time)?.offset ?? offset;
            expect((await log.offsetsAt('t', time))[0]?.offset).toBe(first);
          } finally {
            await log.close();
          }
        },
      ),
      { numRuns: 15 },
    );
    await open();
  });
});

describe('what compaction took out', () => {
  /** Other topics' records, so that the files are not all of one. */
  async function others(): Promise<void> {
    await log.createTopics([{ name: 'before', partitions: 1 }]);
    await log.append(
      Array.from({ length: 200 }, (_, i) => ({ ...put('k', `${i}`.repeat(500)), topic: 'before' })),
    );
  }

  test.each(['disk', 'os'] as const)('is in no file any more, flushing to %s', async (flush) => {
    await open({ flush });
    await others();
    await log.append([put('a', 'overwritten-value'), put('b', 'deleted-value'), put('c', 'kept-value')]);
    expect(await filesWith('deleted-value')).toHaveLength(1);
    await log.append([put('a', 'newer-value'), put('b', null)]);
    await others();
    await vi.waitFor(async () => {
      expect(await filesWith('overwritten-value')).toEqual([]);
      expect(await filesWith('deleted-value')).toEqual([]);
    }, DEADLINE);
    expect(await filesWith('kept-value')).not.toEqual([]);
    expect(await all()).toEqual(['2 c=kept-value', '3 a=newer-value', '4 b=null']);
  });

  test('is gone after a restart if there was no time before', async () => {
    await open({ retentionCheckMs: 1_000_000 });
    await log.append([put('a', 'deleted-value')]);
    await log.append([put('a', null)]);
    await log.close();
    expect(await filesWith('deleted-value')).not.toEqual([]);
    await open();
    await vi.waitFor(async () => expect(await filesWith('deleted-value')).toEqual([]), DEADLINE);
  });

  test('is gone after a restart if the process ended between rewriting and erasing', async () => {
    const erase = vi.spyOn(Storage.prototype, 'erase').mockRejectedValue(new Error('the power went'));
    try {
      const failures: unknown[] = [];
      await open({ onBackgroundError: (error) => failures.push(error) });
      await log.append([put('a', 'deleted-value')]);
      await log.append([put('a', null)]);
      await vi.waitFor(() => expect(failures).not.toEqual([]), DEADLINE);
      expect(await all()).toEqual(['1 a=null']);
      await log.close();
    } finally {
      erase.mockRestore();
    }
    expect(await filesWith('deleted-value')).not.toEqual([]);
    const erasing = vi.spyOn(Storage.prototype, 'erase');
    await open();
    await vi.waitFor(() => expect(erasing).toHaveBeenCalled(), DEADLINE);
    await log.close();
    erasing.mockRestore();
    expect(await filesWith('deleted-value')).toEqual([]);
    // Not again and again.
    const storage = await Storage.open(await loadRocksDB(), directory);
    const marks = await storage.entries({ gte: Buffer.from('\u0001e'), lt: Buffer.from('\u0001f') });
    await storage.close();
    await open();
    expect(marks).toEqual([]);
  });
});
