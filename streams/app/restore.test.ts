import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { describeWithKafka } from '../../test/support/kafka.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { type Log, openKafkaLog, type RestoreProgress } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';
import { StreamsApp } from './streams-app.ts';
import { StreamsMetrics } from './streams-metrics.ts';
import type { StreamsState } from './streams-state.ts';

const strings = { key: serdes.string(), value: serdes.string() };
const KEYS = 50;

function topology() {
  const builder = new StreamsBuilder();
  const grouped = builder.stream('in', strings).groupByKey();
  grouped.count({ store: 'counts' });
  grouped.windowedBy({ sizeMs: 100 }).count({ store: 'windows', retentionMs: 1_000_000 });
  grouped.reduce((_, value) => value, { store: 'unlogged', logging: false });
  return builder.build();
}

describeWithKafka('an application on Kafka whose disk was lost', (kafka) => {
  const open = async (): Promise<Log> => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'streams-restore-'));
    const log = await openKafkaLog({ brokers: kafka().brokers, clientId: 'restore', stateDirectory });
    onTestFinished(async () => {
      await log.close();
      rmSync(stateDirectory, { recursive: true });
    });
    return log;
  };
  const counts = (app: StreamsApp) => app.store<string, ValueAndTimestamp<number>>('counts');
  const windows = (app: StreamsApp) => app.store<string, ValueAndTimestamp<number>>('windows', 'window');

  it('restores its stores, says how far it is, and goes on where it was', async () => {
    const before = await open();
    await before.createTopics([{ name: 'in', partitions: 2 }]);
    const first = new StreamsApp(topology(), { applicationId: 'app', log: before });
    await first.start();
    const append = (log: Log, rounds: number) =>
      log.append(
        Array.from({ length: rounds * KEYS }, (_, index) => ({
          topic: 'in',
          key: Buffer.from(`key-${index % KEYS}`),
          value: Buffer.from('v'),
          timestamp: 1_000 + Math.floor(index / KEYS),
          headers: [],
        })),
      );
    const hasCounted = (app: StreamsApp, count: number) =>
      vi.waitFor(
        async () => {
          const all = await counts(app).all();
          expect(all.filter(([, { value }]) => value === count)).toHaveLength(KEYS);
        },
        { timeout: 60_000, interval: 20 },
      );
    await append(before, 20);
    await hasCounted(first, 20);
    expect(await first.store<string, ValueAndTimestamp<string>>('unlogged').all()).toHaveLength(KEYS);
    await first.close();

    const states: StreamsState[] = [];
    const progress: RestoreProgress[] = [];
    const register = new Registry();
    const log = await open();
    const app = new StreamsApp(topology(), {
      applicationId: 'app',
      log,
      metrics: new StreamsMetrics(register),
      onStateChange: (state) => states.push(state),
      onRestore: (each) => progress.push(each),
    });
    await app.start();
    await vi.waitFor(() => expect(states).toEqual(['rebalancing', 'restoring', 'running']), {
      timeout: 60_000,
    });
    expect(new Set(progress.map(({ store }) => store))).toEqual(new Set(['registers', 'counts', 'windows']));
    const lastOf = new Map(progress.map((each) => [`${each.task}/${each.store}`, each]));
    expect([...lastOf.values()].every(({ remaining }) => remaining === 0)).toBe(true);
    const restored = [...lastOf.values()].filter(({ store }) => store === 'counts');
    expect(restored.reduce((sum, each) => sum + each.restored, 0)).toBeGreaterThanOrEqual(KEYS);
    expect(await register.metrics()).toMatch(
      /streams_restore_records\{application="app",store="counts",task="app-0_[01]"\} [1-9]/,
    );

    expect((await counts(app).get('key-7'))?.value).toBe(20);
    expect((await windows(app).fetch('key-7', 1_000))?.value).toBe(20);
    // Its changes were written nowhere else.
    expect(await app.store('unlogged').all()).toEqual([]);
    expect((await log.topics()).map(({ name }) => name)).not.toContain('app-unlogged-changelog');
    await append(log, 1);
    await hasCounted(app, 21);
    await app.close();
  });
});
