import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../contract/log-under-test.ts';
import { numbered } from '../contract/records.ts';
import { openEmbeddedLog } from '../index.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-log-power-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** What had been acknowledged when the write-ahead log was this long. */
interface Acknowledged {
  readonly walBytes: number;
  readonly appended: number;
  readonly processed: number;
}

test('cut off at any byte, the write-ahead log gives a prefix: all acknowledged by then, nothing in part', async () => {
  const data = join(directory, 'data');
  const log = await openEmbeddedLog({ directory: data });
  await log.createTopics([
    { name: 'in', partitions: 1 },
    { name: 'out', partitions: 1 },
  ]);
  const task = await log.openTask(TASK);
  const history: Acknowledged[] = [];
  let appended = 0;
  let processed = 0;
  for (let step = 0; step < 40; step++) {
    const count = 1 + ((step * 13) % 50);
    await log.append(numbered('in', count, appended));
    appended += count;
    await task.commit(
      {
        offsets: [{ topic: 'in', partition: 0, offset: appended }],
        records: numbered('out', appended - processed, processed),
        changes: [{ store: 'counts', key: Buffer.from('count'), value: Buffer.from(`${appended}`) }],
      },
      { durable: true },
    );
    processed = appended;
    history.push({ walBytes: (await wal(data)).bytes, appended, processed });
  }
  // Copied while it is open: closing would move everything out of the write-ahead log.
  await cp(data, join(directory, 'cut'), { recursive: true });
  await log.close();

  const first = history[0]?.walBytes ?? 0;
  const last = history.at(-1)?.walBytes ?? 0;
  for (let i = 0; i <= 24; i++) {
    const length = Math.round(first + ((last - first) * i) / 24) - (i % 3);
    await checkCut(length, history.filter(({ walBytes }) => walBytes <= length).at(-1));
  }
});

const TASK = {
  id: 'task',
  group: 'group',
  partitions: [{ topic: 'in', partition: 0 }],
  stores: [{ name: 'counts' }],
};

async function checkCut(length: number, promised: Acknowledged | undefined): Promise<void> {
  const copy = join(directory, 'copy');
  await cp(join(directory, 'cut'), copy, { recursive: true });
  await truncate((await wal(copy)).path, length);
  const log = await openEmbeddedLog({ directory: copy });
  try {
    const values = async (topic: string): Promise<string[]> =>
      (await collect(log.read({ topic, partition: 0, from: 0 }))).map(({ value }) => value?.toString() ?? '');
    const input = await values('in');
    expect(input).toEqual(Array.from({ length: input.length }, (_, i) => `${i}`));
    expect(input.length).toBeGreaterThanOrEqual(promised?.appended ?? 0);
    const task = await log.openTask(TASK);
    const processed = task.committed[0]?.offset ?? 0;
    expect(processed).toBeGreaterThanOrEqual(promised?.processed ?? 0);
    expect(await values('out')).toEqual(input.slice(0, processed));
    expect(Number((await task.getMany('counts', [Buffer.from('count')]))[0] ?? 0)).toBe(processed);
    expect(await log.append(numbered('in', 1))).toEqual([
      { topic: 'in', partition: 0, offset: input.length },
    ]);
  } finally {
    await log.close();
    await rm(copy, { recursive: true });
  }
}

async function wal(data: string): Promise<{ path: string; bytes: number }> {
  const names = (await readdir(data)).filter((name) => name.endsWith('.log')).sort();
  const path = join(data, names.at(-1) ?? '');
  return { path, bytes: (await stat(path)).size };
}
