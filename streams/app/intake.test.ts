import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import { Suspend } from '../suspend.ts';
import { StreamsApp } from './streams-app.ts';

const strings = { key: serdes.string(), value: serdes.string() };
const DEADLINE = { timeout: 60_000, interval: 10 };

async function open(): Promise<Log> {
  const directory = mkdtempSync(join(tmpdir(), 'streams-intake-'));
  const log = await openEmbeddedLog({ directory, flush: 'os' });
  onTestFinished(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });
  return log;
}

const records = (topic: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    topic,
    key: Buffer.from(`key-${index % 7}`),
    value: Buffer.from(String(index)),
    timestamp: index,
    headers: [],
  }));

it('takes in no more than a few batches while it waits, however much there is, and then all of it', async () => {
  const log = await open();
  await log.createTopics([{ name: 'in', partitions: 1 }]);
  for (let round = 0; round < 20; round++) await log.append(records('in', 1_000));
  let taken = 0;
  const consume = log.consume.bind(log);
  vi.spyOn(log, 'consume').mockImplementation((options) =>
    consume({
      ...options,
      onRecords: (chunk) => {
        taken += chunk.length;
        return options.onRecords(chunk);
      },
    }),
  );
  let release = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    release = resolve;
  });
  let blocked = true;
  let processed = 0;
  const builder = new StreamsBuilder();
  builder.stream('in', strings).foreach(() => {
    if (blocked) throw new Suspend(waiting);
    processed++;
  });
  const app = new StreamsApp(builder.build(), { applicationId: 'app', log });
  await app.start();
  await vi.waitFor(() => expect(taken).toBeGreaterThanOrEqual(3_000), DEADLINE);
  // Were it not held back, a reader would be done with the whole topic by then.
  let read = 0;
  for await (const chunk of log.read({ topic: 'in', partition: 0, from: 0 })) read += chunk.length;
  expect(read).toBe(20_000);
  expect(taken).toBeLessThanOrEqual(5_000);
  blocked = false;
  release();
  await vi.waitFor(() => expect(processed).toBe(20_000), DEADLINE);
  await app.close();
});

it('sends each record to the partition that the sink’s partitioner chooses of those there are', async () => {
  const log = await open();
  await log.createTopics([
    { name: 'in', partitions: 2 },
    { name: 'out', partitions: 3 },
  ]);
  const builder = new StreamsBuilder();
  builder
    .stream('in', strings)
    .to('out', { ...strings, partitioner: (_key, value, partitions) => Number(value) % partitions });
  const app = new StreamsApp(builder.build(), { applicationId: 'app', log });
  await app.start();
  await log.append(records('in', 30));
  const ends = async () => (await log.offsets('out')).map(({ end }) => end);
  await vi.waitFor(async () => expect(await ends()).toEqual([10, 10, 10]), DEADLINE);
  for (const partition of [0, 1, 2]) {
    for await (const chunk of log.read({ topic: 'out', partition, from: 0 })) {
      for (const { value } of chunk) expect(Number(value) % 3).toBe(partition);
    }
  }
  await app.close();
});
