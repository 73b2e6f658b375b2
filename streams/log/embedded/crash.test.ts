import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../contract/log-under-test.ts';
import { openEmbeddedLog } from '../index.ts';
import type { Log } from '../log.ts';

/** After how many promises each run is killed: at once, and after RocksDB has flushed and moved to new files. */
const LINES = [1, 60, 300, 1200, 4000];
let directory: string;
let program: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-log-crash-'));
  program = join(directory, 'crash-child.mjs');
  const rocksdb = createRequire(import.meta.url).resolve('rocksdb-native');
  await build({
    entryPoints: [fileURLToPath(new URL('crash-child.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The bundle lies outside this package, so its import of the native library has to be a path.
    alias: { 'rocksdb-native': rocksdb },
    external: [rocksdb],
  });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.each(['disk', 'os'])('killed while it appends and commits, flushing to %s', (flush) => {
  test(`${LINES.length} times, the log has every promised record once, in order, and commits whole or not at all`, async () => {
    const data = join(directory, flush);
    const promises = new Map<string, number>();
    for (let run = 0; run < LINES.length; run++)
      await runUntilKilled(data, flush, run, LINES[run] ?? 0, promises);

    const log = await openEmbeddedLog({ directory: data });
    try {
      const callers = new Map<string, number>();
      for (let partition = 0; partition < 4; partition++) {
        const input = await valuesOf(log, 'in', partition);
        for (const value of input) {
          const [run, caller, number] = value.split(':');
          const name = `appended ${run}:${caller}`;
          expect(Number(number), `${name}: in order, none missing or twice`).toBe(
            (callers.get(name) ?? -1) + 1,
          );
          callers.set(name, Number(number));
        }
        const processed = await checkTask(log, partition, input);
        expect(processed).toBeGreaterThanOrEqual(promises.get(`committed ${partition}`) ?? 0);
      }
      expect(promises.size, 'something was promised in most runs').toBeGreaterThan(20);
      for (const [name, last] of promises) {
        if (name.startsWith('appended')) expect(callers.get(name), name).toBeGreaterThanOrEqual(last);
      }
    } finally {
      await log.close();
    }
  });
});

/** Starts the program and kills it after so many lines; adds what it was promised. */
async function runUntilKilled(
  data: string,
  flush: string,
  run: number,
  lines: number,
  promises: Map<string, number>,
): Promise<void> {
  const child = spawn(process.execPath, [program, data, `${run}`, flush], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => complaints.push(chunk));
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    seen += chunk.split('\n').length - 1;
    if (seen >= lines) child.kill('SIGKILL');
  });
  await ended(child);
  expect(complaints.join('')).toBe('');
  expect(child.signalCode).toBe('SIGKILL');
  for (const line of output.split('\n').slice(0, -1)) {
    const [what, who, number] = line.split(' ');
    promises.set(what === 'appended' ? `appended ${run}:${who}` : `committed ${who}`, Number(number));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}

/** Offset, outputs and state of the partition's task must tell of the same prefix of the input; its length. */
async function checkTask(log: Log, partition: number, input: readonly string[]): Promise<number> {
  const task = await log.openTask({
    id: `task-${partition}`,
    group: 'group',
    partitions: [{ topic: 'in', partition }],
    stores: [{ name: 'counts' }],
  });
  const processed = task.committed[0]?.offset ?? 0;
  const [count] = await task.getMany('counts', [Buffer.from('count')]);
  expect(Number(count ?? 0)).toBe(processed);
  expect(await valuesOf(log, 'out', partition)).toEqual(input.slice(0, processed));
  return processed;
}

async function valuesOf(log: Log, topic: string, partition: number): Promise<string[]> {
  const records = await collect(log.read({ topic, partition, from: 0 }));
  return records.map(({ value }) => value?.toString().trimEnd() ?? '');
}
