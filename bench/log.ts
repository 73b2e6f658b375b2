import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, type OutgoingRecord, openEmbeddedLog } from '../streams/index.ts';

/*
 * The embedded log alone, 1 KB records: what the rooms above it can at best reach. Run it with
 * `npm run build && node dist/bench/log.js`; the directory is a temporary one.
 */
const RECORD = Buffer.alloc(1000, 'x');
const TOPIC = 'events';

interface Result {
  readonly name: string;
  readonly perSecond: number;
  readonly note: string;
}

function batch(size: number, topic = TOPIC): OutgoingRecord[] {
  return Array.from({ length: size }, () => ({
    topic,
    key: Buffer.from(`visitor-${Math.floor(Math.random() * 50_000)}`),
    value: RECORD,
    timestamp: Date.now(),
    headers: [],
  }));
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
}

/** Runs `step` from several callers at once for a while; `step` answers how many records it did. */
async function load(name: string, callers: number, ms: number, step: () => Promise<number>): Promise<Result> {
  const latencies: number[] = [];
  let records = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - began < ms) {
        const at = performance.now();
        const done = await step();
        records += done;
        latencies.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const note = `p50 ${percentile(latencies, 0.5)} ms, p99 ${percentile(latencies, 0.99)} ms`;
  return {
    name,
    perSecond: records / seconds,
    note: `${note}, ${((user + system) / records).toFixed(1)} µs CPU`,
  };
}

async function withLog<T>(
  flush: 'disk' | 'os',
  run: (log: Log, reopen: () => Promise<Log>) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-log-'));
  let log = await openEmbeddedLog({ directory, flush });
  try {
    await log.createTopics([
      { name: TOPIC, partitions: 4 },
      { name: 'out', partitions: 4 },
    ]);
    return await run(log, async () => {
      await log.close();
      log = await openEmbeddedLog({ directory, flush });
      return log;
    });
  } finally {
    await log.close();
    await rm(directory, { recursive: true });
  }
}

async function readAll(log: Log, name: string): Promise<Result> {
  const began = performance.now();
  let records = 0;
  for (let partition = 0; partition < 4; partition++) {
    for await (const chunk of log.read({ topic: TOPIC, partition, from: 0 })) records += chunk.length;
  }
  return { name, perSecond: records / ((performance.now() - began) / 1000), note: `${records} records` };
}

const results: Result[] = [];
for (const flush of ['disk', 'os'] as const) {
  results.push(
    ...(await withLog(flush, async (log, reopen) => {
      const appended = await load(`append, 32 callers x 20, flush ${flush}`, 32, 8_000, async () => {
        await log.append(batch(20));
        return 20;
      });
      const single = await load(`append, 1 caller x 1, flush ${flush}`, 1, 2_000, async () => {
        await log.append(batch(1));
        return 1;
      });
      return [appended, single, await readAll(await reopen(), `read from disk, flush ${flush}`)];
    })),
  );
}

results.push(
  await withLog('disk', async (log) => {
    let followed = 0;
    const abort = new AbortController();
    const following = [0, 1, 2, 3].map(async (partition) => {
      for await (const chunk of log.read({
        topic: TOPIC,
        partition,
        from: 0,
        follow: true,
        signal: abort.signal,
      })) {
        followed += chunk.length;
      }
    });
    const result = await load('append followed by a reader, flush disk', 32, 5_000, async () => {
      await log.append(batch(20));
      return 20;
    });
    const behind = (await log.offsets(TOPIC)).reduce((sum, { end }) => sum + end, 0) - followed;
    abort.abort();
    await Promise.all(following);
    return { ...result, note: `${result.note}, ${behind} behind at the end` };
  }),
  await withLog('disk', async (log) => {
    for (let i = 0; i < 12; i++) await log.append(batch(1000));
    const began = performance.now();
    let records = 0;
    for (let pass = 0; pass < 50; pass++) {
      for (let partition = 0; partition < 4; partition++) {
        for await (const chunk of log.read({ topic: TOPIC, partition, from: 0 })) records += chunk.length;
      }
    }
    return {
      name: 'read from the tail cache',
      perSecond: records / ((performance.now() - began) / 1000),
      note: '',
    };
  }),
);

results.push(
  ...(await withLog('disk', async (log) => {
    const task = await log.openTask({ id: 't', group: 'g', partitions: [], stores: [{ name: 's' }] });
    const key = (): Buffer => Buffer.from(`visitor-${Math.floor(Math.random() * 50_000)}`);
    let offset = 0;
    const commit = await load('task commit, 500 outputs + 500 changes', 1, 5_000, async () => {
      await task.commit({
        offsets: [{ topic: TOPIC, partition: 0, offset: offset++ }],
        records: batch(500, 'out'),
        changes: Array.from({ length: 500 }, () => ({
          store: 's',
          key: key(),
          value: RECORD.subarray(0, 300),
        })),
      });
      return 500;
    });
    const get = await load('getMany of 500 keys', 1, 3_000, async () => {
      await task.getMany('s', Array.from({ length: 500 }, key));
      return 500;
    });
    return [commit, get];
  })),
);

for (const { name, perSecond, note } of results) {
  console.log(`${name.padEnd(45)} ${Math.round(perSecond).toLocaleString('en').padStart(10)}/s   ${note}`);
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
