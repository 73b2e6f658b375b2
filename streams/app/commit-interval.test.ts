import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import { StreamsApp, type StreamsAppOptions } from './streams-app.ts';

const strings = { key: serdes.string(), value: serdes.string() };
const DEADLINE = { timeout: 60_000, interval: 5 };
const LONG = 600_000;

async function open(): Promise<Log> {
  const directory = mkdtempSync(join(tmpdir(), 'streams-commit-'));
  const log = await openEmbeddedLog({ directory, flush: 'os' });
  await log.createTopics(['in', 'out', 'dead'].map((name) => ({ name, partitions: 1 })));
  onTestFinished(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });
  return log;
}

/** Counts each key; `bad` fails. Says what it has processed. */
async function start(log: Log, options: Partial<StreamsAppOptions>) {
  const processed: string[] = [];
  let commits = 0;
  const openTask = log.openTask.bind(log);
  vi.spyOn(log, 'openTask').mockImplementation(async (taskOptions) => {
    const task = await openTask(taskOptions);
    const commit = task.commit.bind(task);
    vi.spyOn(task, 'commit').mockImplementation((...given) => {
      commits++;
      return commit(...given);
    });
    return task;
  });
  const builder = new StreamsBuilder();
  builder
    .stream('in', strings)
    .peek((_, value) => {
      if (value === 'bad') throw new Error('no');
      processed.push(value);
    })
    .groupByKey()
    .count()
    .toStream()
    .to('out', { value: serdes.long() });
  const app = new StreamsApp(builder.build(), { applicationId: 'app', log, maxBatch: 10, ...options });
  await app.start();
  vi.mocked(log.openTask).mockRestore();
  return { app, processed, commits: () => commits };
}

const append = (log: Log, value: string) =>
  log.append([{ topic: 'in', key: Buffer.from('k'), value: Buffer.from(value), timestamp: 1, headers: [] }]);

async function counts(log: Log): Promise<number[]> {
  const found: number[] = [];
  for await (const chunk of log.read({ topic: 'out', partition: 0, from: 0 })) {
    for (const { value } of chunk) if (value !== null) found.push(serdes.long().deserialize(value));
  }
  return found;
}

/** One after the other, so that each is a batch of its own. */
async function feed(log: Log, processed: readonly string[], values: readonly string[]): Promise<void> {
  for (const value of values) {
    const before = processed.length;
    await append(log, value);
    await vi.waitFor(() => expect(processed).toHaveLength(before + 1), DEADLINE);
  }
}

it('commits each batch by default', async () => {
  const log = await open();
  const { app, processed, commits } = await start(log, {});
  await feed(log, processed, ['a', 'b', 'c']);
  await vi.waitFor(() => expect(commits()).toBe(3), DEADLINE);
  await app.close();
});

it('commits what was processed within the interval together, and nothing of it shows before', async () => {
  const log = await open();
  const { app, processed, commits } = await start(log, { commitIntervalMs: 1_500 });
  const started = performance.now();
  await feed(log, processed, ['a', 'b', 'c', 'd', 'e']);
  const early = await counts(log);
  // A machine so slow that the interval has passed by now may have committed some.
  if (performance.now() - started < 1_450) expect(early).toEqual([]);
  await vi.waitFor(async () => expect(await counts(log)).toEqual([1, 2, 3, 4, 5]), DEADLINE);
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_450);
  expect(commits()).toBeLessThan(5);
  expect(await log.committed('app')).toMatchObject([{ offset: 5 }]);
  await app.close();
});

it('commits what is waiting when it is closed', async () => {
  const log = await open();
  const { app, processed } = await start(log, { commitIntervalMs: LONG });
  await feed(log, processed, ['a', 'b', 'c']);
  expect(await counts(log)).toEqual([]);
  await app.close();
  expect(await counts(log)).toEqual([1, 2, 3]);
  expect(await log.committed('app')).toMatchObject([{ offset: 3 }]);
});

it('does not let more than some thousand records wait, whatever the interval', async () => {
  const log = await open();
  const { app } = await start(log, { commitIntervalMs: LONG, maxBatch: 1_000 });
  await log.append(
    Array.from({ length: 12_000 }, () => ({
      topic: 'in',
      key: Buffer.from('k'),
      value: Buffer.from('v'),
      timestamp: 1,
      headers: [],
    })),
  );
  await vi.waitFor(async () => expect((await counts(log)).length).toBeGreaterThanOrEqual(9_000), DEADLINE);
  // Closing leaves what was not processed yet to the next owner.
  await app.close();
  const sent = await counts(log);
  expect(sent).toEqual(Array.from({ length: sent.length }, (_, index) => index + 1));
  expect(await log.committed('app')).toMatchObject([{ offset: sent.length }]);
});

it('processes what was not committed again after a failure, once each', async () => {
  const log = await open();
  const first = await start(log, { commitIntervalMs: LONG });
  await feed(log, first.processed, ['a', 'b']);
  await append(log, 'bad');
  await vi.waitFor(() => expect(first.app.state).toBe('error'), DEADLINE);
  await first.app.close();
  expect(await counts(log)).toEqual([]);
  const second = await start(log, { commitIntervalMs: 20, deadLetterTopic: 'dead' });
  await append(log, 'c');
  await vi.waitFor(async () => expect(await counts(log)).toEqual([1, 2, 3]), DEADLINE);
  expect(second.processed).toEqual(['a', 'b', 'c']);
  await second.app.close();
});
