import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { EmitStrategy } from '../dsl/windows.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';
import type { ReadOnlyWindowStore } from '../state/window-query.ts';
import { Suspend } from '../suspend.ts';
import { windowed } from '../windowed.ts';
import { StreamsApp } from './streams-app.ts';

const text = serdes.string();
const strings = { key: text, value: text };
const SIZE = 100;
const DEADLINE = { timeout: 60_000, interval: 10 };

/** Visits counted in windows and in sessions, and the last visit of each visitor in memory only. */
function topology(emit: EmitStrategy = 'on-window-update') {
  const builder = new StreamsBuilder();
  const visits = builder.stream('visits', strings);
  const grouped = visits.groupByKey();
  grouped
    .windowedBy({ sizeMs: SIZE, graceMs: 400 })
    .emitStrategy(emit)
    .count({ store: 'per-window', retentionMs: 1_000 });
  grouped
    .windowedBy({ gapMs: 50, graceMs: 0 })
    .emitStrategy(emit)
    .count({ store: 'per-session', retentionMs: 1_000 });
  visits.toTable({ store: 'in-memory', persistent: false, logging: false });
  return builder.build();
}

const visit = (key: string, timestamp: number) => ({
  topic: 'visits',
  key: Buffer.from(key),
  value: Buffer.from(`at ${timestamp}`),
  timestamp,
  headers: [],
});
/** `a`, `ab` and `b` lie in several of three partitions; so do the keys `v0` to `v9`. */
const VISITS = [
  visit('a', 1_000),
  visit('ab', 1_010),
  visit('a', 1_020),
  visit('a', 1_150),
  visit('b', 1_160),
  visit('a', 1_320),
  ...Array.from({ length: 10 }, (_, index) => visit(`v${index}`, 1_330)),
];

describe('queries from outside', () => {
  let directory: string;
  let log: Log;
  let app: StreamsApp;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'streams-queries-'));
    log = await openEmbeddedLog({ directory, flush: 'os' });
    await log.createTopics([{ name: 'visits', partitions: 3 }]);
  });

  afterEach(async () => {
    await app.close();
    await log.close();
    await rm(directory, { recursive: true, force: true });
  });

  const run = async (emit?: EmitStrategy): Promise<void> => {
    app = new StreamsApp(topology(emit), { applicationId: 'app', log });
    await app.start();
  };
  const process = async (records: readonly ReturnType<typeof visit>[]): Promise<void> => {
    await log.append(records);
    const ends = await log.offsets('visits');
    await vi.waitFor(async () => {
      const committed = await log.committed('app');
      const behind = ends.filter(({ partition, end }) => {
        const at = committed.find((each) => each.topic === 'visits' && each.partition === partition);
        return (at?.offset ?? 0) < end;
      });
      expect(behind).toEqual([]);
    }, DEADLINE);
  };
  const counts = () => app.store<string, ValueAndTimestamp<number>>('per-window', 'window');
  const startsAndCounts = async (store: ReadOnlyWindowStore<string, ValueAndTimestamp<number>>) =>
    (await store.all()).map(({ 0: { key, window }, 1: { value } }) => `${key}@${window.start}=${value}`);

  for (const emit of ['on-window-update', 'on-window-close'] as const) {
    it(`find the windows of a key, of a time and all, of a store that emits ${emit}`, async () => {
      await run(emit);
      await process(VISITS);
      const store = counts();
      expect(await store.fetch('a', 1_000)).toEqual({ value: 2, timestamp: 1_020 });
      expect(await store.fetch('a', 1_050)).toBeNull();
      expect(await store.fetch('nobody', 1_000)).toBeNull();
      expect((await store.fetch('a', 0, 9_999)).map(([start, { value }]) => [start, value])).toEqual([
        [1_000, 2],
        [1_100, 1],
        [1_300, 1],
      ]);
      expect((await store.fetch('a', 1_000, 1_100)).map(([start]) => start)).toEqual([1_000, 1_100]);
      expect((await store.fetch('a', 1_001, 1_299)).map(([start]) => start)).toEqual([1_100]);
      expect(await store.fetch('a', 1_301, 9_999)).toEqual([]);
      expect((await store.fetchAll(1_000, 1_100)).map(([key]) => key)).toEqual([
        windowed('a', 1_000, 1_100),
        windowed('ab', 1_000, 1_100),
        windowed('a', 1_100, 1_200),
        windowed('b', 1_100, 1_200),
      ]);
      expect(await startsAndCounts(store)).toEqual([
        'a@1000=2',
        'ab@1000=1',
        'a@1100=1',
        'b@1100=1',
        'a@1300=1',
        ...Array.from({ length: 10 }, (_, index) => `v${index}@1300=1`),
      ]);
    });

    it(`find the sessions of a key, of a store that emits ${emit}`, async () => {
      await run(emit);
      await process(VISITS);
      const store = app.store<string, number>('per-session', 'session');
      expect(await store.fetch('a')).toEqual([
        [windowed('a', 1_000, 1_020), 2],
        [windowed('a', 1_150, 1_150), 1],
        [windowed('a', 1_320, 1_320), 1],
      ]);
      expect(await store.fetch('nobody')).toEqual([]);
      expect((await store.findSessions('a', 1_021, 9_999)).map(([{ window }]) => window.start)).toEqual([
        1_150, 1_320,
      ]);
      expect((await store.findSessions('a', 1_020, 1_150)).map(([{ window }]) => window.start)).toEqual([
        1_000, 1_150,
      ]);
      expect(await store.fetchSession('a', 1_000, 1_020)).toBe(2);
      expect(await store.fetchSession('a', 1_000, 1_021)).toBeNull();
    });
  }

  it('do not find what is older than the retention of the store, as processors do not', async () => {
    await run();
    await process([...VISITS, visit('a', 2_050)]);
    // The window from 1,000 on is a retention older than the latest one, and so is the session that ended at 1,020.
    expect(await counts().fetch('a', 1_000)).toBeNull();
    expect((await counts().fetch('a', 0, 9_999)).map(([start]) => start)).toEqual([1_100, 1_300, 2_000]);
    const all = (await counts().all()).map(([{ key, window }]) => `${key}@${window.start}`);
    expect(all).not.toContain('a@1000');
    expect(all).toContain('b@1100');
    const sessions = app.store<string, number>('per-session', 'session');
    expect((await sessions.fetch('a')).map(([{ window }]) => window.start)).toEqual([1_150, 1_320, 2_050]);
    expect(await sessions.fetchSession('a', 1_000, 1_020)).toBeNull();
  });

  it('are answered by a store in memory only as far as it has processed', async () => {
    await run();
    await process(VISITS);
    const store = app.store<string, ValueAndTimestamp<string>>('in-memory');
    expect(await store.get('a')).toEqual({ value: 'at 1320', timestamp: 1_320 });
    expect(await store.get('nobody')).toBeNull();
    expect((await store.range('a', 'b')).map(([key]) => key)).toEqual(['a', 'ab', 'b']);
    expect(await store.all()).toHaveLength(13);
  });

  it('see nothing of a batch before it is committed, then all of it', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = false;
    const builder = new StreamsBuilder();
    builder
      .stream('visits', strings)
      .peek((_, value) => {
        if (value !== 'at 1001' || waiting) return;
        waiting = true;
        throw new Suspend(released);
      })
      .groupByKey()
      .windowedBy({ sizeMs: SIZE })
      .count({ store: 'per-window' });
    app = new StreamsApp(builder.build(), { applicationId: 'app', log });
    await log.append([visit('a', 1_000), visit('a', 1_001)]);
    await app.start();
    await vi.waitFor(() => expect(waiting).toBe(true), DEADLINE);
    expect(await counts().fetch('a', 1_000)).toBeNull();
    release();
    await vi.waitFor(
      async () => expect(await counts().fetch('a', 1_000)).toEqual({ value: 2, timestamp: 1_001 }),
      DEADLINE,
    );
  });

  it('name the kind of store there is, where another was asked for', async () => {
    await run();
    expect(() => app.store('none')).toThrow('no key-value store named "none"');
    expect(() => app.store('per-window')).toThrow(
      'no key-value store named "per-window"; it is a window store',
    );
    expect(() => app.store('per-session', 'window')).toThrow('it is a session store');
  });
});
