import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';
import { StreamsApp } from './streams-app.ts';
import { StreamsMetrics } from './streams-metrics.ts';
import type { StreamsState } from './streams-state.ts';

const strings = { key: serdes.string(), value: serdes.string() };
const KEYS = Array.from({ length: 40 }, (_, index) => `key-${index}`);
const DEADLINE = { timeout: 60_000, interval: 10 };

function topology() {
  const builder = new StreamsBuilder();
  builder
    .stream('in', strings)
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .to('out', { value: serdes.long() });
  return builder.build();
}

it('tasks move with their state as instances come and go: each record counts once, queries follow', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'streams-rebalance-'));
  const log = await openEmbeddedLog({ directory, flush: 'os' });
  await log.createTopics([
    { name: 'in', partitions: 4 },
    { name: 'out', partitions: 1 },
  ]);
  onTestFinished(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });
  const register = new Registry();
  const metrics = new StreamsMetrics(register);
  const instance = async (states: StreamsState[] = []) => {
    const app = new StreamsApp(topology(), {
      applicationId: 'app',
      log,
      metrics,
      onStateChange: (state) => states.push(state),
    });
    await app.start();
    return app;
  };
  const held = async (app: StreamsApp) => app.store<string, ValueAndTimestamp<number>>('counts').all();
  const tasksOf = (app: StreamsApp) => [...app.runningTasks].length;
  let rounds = 0;
  const feed = async (): Promise<void> => {
    rounds++;
    await log.append(
      KEYS.map((key) => ({
        topic: 'in',
        key: Buffer.from(key),
        value: Buffer.from('v'),
        timestamp: rounds,
        headers: [],
      })),
    );
  };
  const allCounted = (...apps: StreamsApp[]) =>
    vi.waitFor(async () => {
      const entries = (await Promise.all(apps.map(held))).flat();
      expect(new Map(entries.map(([key, { value }]) => [key, value]))).toEqual(
        new Map(KEYS.map((key) => [key, rounds])),
      );
      // No partition is answered for by two.
      expect(entries).toHaveLength(KEYS.length);
    }, DEADLINE);

  const states: StreamsState[] = [];
  const first = await instance(states);
  await feed();
  await allCounted(first);
  const second = await instance();
  await feed();
  await vi.waitFor(() => expect([tasksOf(first), tasksOf(second)]).toEqual([2, 2]), DEADLINE);
  await feed();
  await allCounted(first, second);
  await first.close();
  await feed();
  await vi.waitFor(() => expect(tasksOf(second)).toBe(4), DEADLINE);
  await allCounted(second);
  expect(states[0]).toBe('rebalancing');
  expect(states).toContain('running');
  expect(states.at(-1)).toBe('stopped');
  const scraped = await register.metrics();
  expect(
    Number(/streams_rebalances_total\{application="app"\} (\d+)/.exec(scraped)?.[1]),
  ).toBeGreaterThanOrEqual(3);
  await second.close();

  const sent: number[] = [];
  for await (const chunk of log.read({ topic: 'out', partition: 0, from: 0 })) {
    for (const { value } of chunk) sent.push(value === null ? 0 : serdes.long().deserialize(value));
  }
  const expected = Array.from({ length: rounds }, (_, round) => KEYS.map(() => round + 1)).flat();
  expect(sent.sort((a, b) => a - b)).toEqual(expected);
});
