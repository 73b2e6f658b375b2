import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RocksDB from 'rocksdb-native';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { collect, DEADLINE, fails } from '../contract/log-under-test.ts';
import { numbered, text } from '../contract/records.ts';
import { openEmbeddedLog } from '../index.ts';
import { logContract } from '../log.contract.ts';
import type { StoredRecord } from '../log.ts';
import { batchKey, metaKey } from './keys.ts';
import { loadRocksDB } from './load-rocksdb.ts';

const makeDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'embedded-log-'));

for (const flush of ['disk', 'os'] as const) {
  logContract(`the embedded log, flushing to ${flush}`, async () => {
    const directory = await makeDirectory();
    return {
      open: () => openEmbeddedLog({ directory, flush }),
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  });
}

// The readers' other half of the contract: nothing comes from memory.
logContract('the embedded log without a tail cache', async () => {
  const directory = await makeDirectory();
  return {
    open: () => openEmbeddedLog({ directory, flush: 'os', tailCacheBytes: 0 }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('a directory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await makeDirectory();
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('has one owner; who it is, is said to the second', async () => {
    const log = await openEmbeddedLog({ directory });
    const second = openEmbeddedLog({ directory });
    await fails('LOCKED', second);
    await expect(second).rejects.toThrow(`process ${process.pid}, running since 2`);
    await log.close();
    await (await openEmbeddedLog({ directory })).close();
    expect(await readdir(directory)).not.toContain('owner.json');
  });

  test('is LOCKED even if the owner’s note is unreadable', async () => {
    const log = await openEmbeddedLog({ directory });
    await writeFile(join(directory, 'owner.json'), '{');
    await expect(openEmbeddedLog({ directory })).rejects.toThrow('held by another process');
    await log.close();
  });

  test('is created with its parents, for its owner’s eyes only', async () => {
    const nested = join(directory, 'a', 'b');
    const log = await openEmbeddedLog({ directory: nested });
    expect((await stat(nested)).mode & 0o077).toBe(0);
    expect(JSON.parse(await readFile(join(nested, 'owner.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await log.close();
  });

  test('that a later version has changed is refused', async () => {
    await (await openEmbeddedLog({ directory })).close();
    const db = new RocksDB(directory);
    await db.ready();
    const write = db.write({ autoDestroy: true });
    write.tryPut(metaKey('format'), Buffer.from('2'));
    await write.flush();
    await db.close();
    const opening = openEmbeddedLog({ directory });
    await fails('UNAVAILABLE', opening);
    await expect(opening).rejects.toThrow('has format 2, this version reads 1');
    expect(await readdir(directory)).not.toContain('owner.json');
  });

  test('that cannot be made is UNAVAILABLE', async () => {
    await writeFile(join(directory, 'file'), '');
    await fails('UNAVAILABLE', openEmbeddedLog({ directory: join(directory, 'file', 'data') }));
  });
});

describe('stored bytes', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await makeDirectory();
    const log = await openEmbeddedLog({ directory });
    await log.createTopics([{ name: 't', partitions: 1 }]);
    for (let i = 0; i < 5; i++) await log.append(numbered('t', 10, i * 10));
    await log.close();
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Topic `t` is the first, so its id is 1. */
  async function tamper(baseOffset: number, change: (batch: Buffer) => Buffer | undefined): Promise<void> {
    const db = new RocksDB(directory);
    await db.ready();
    const key = batchKey(1, 0, baseOffset);
    const changed = change((await db.get(key)) ?? Buffer.alloc(0));
    const write = db.write({ autoDestroy: true });
    if (changed === undefined) write.tryDelete(key);
    else write.tryPut(key, changed);
    await write.flush();
    await db.close();
  }

  const flipped = (batch: Buffer): Buffer => {
    batch[batch.length - 1]! ^= 1;
    return batch;
  };

  test('that changed are CORRUPT to the reader who reaches them, not to the one who does not', async () => {
    await tamper(20, flipped);
    const log = await openEmbeddedLog({ directory });
    const before: StoredRecord[] = [];
    const reading = (async () => {
      for await (const chunk of log.read({ topic: 't', partition: 0, from: 5 })) before.push(...chunk);
    })();
    await fails('CORRUPT', reading);
    expect(before.map(({ offset }) => offset)).toEqual(Array.from({ length: 15 }, (_, i) => 5 + i));
    expect((await collect(log.read({ topic: 't', partition: 0, from: 30 }))).map(text)[0]).toBe('30');
    expect(await collect(log.read({ topic: 't', partition: 0, from: 0, to: 20 }))).toHaveLength(20);
    const errors: Error[] = [];
    await log.consume({
      group: 'g',
      topics: ['t'],
      onAssigned: async () => undefined,
      onRevoked: async () => {},
      onRecords: () => {},
      onError: (error) => errors.push(error),
    });
    await vi.waitFor(() => expect(errors).toMatchObject([{ code: 'CORRUPT' }]), DEADLINE);
    await log.close();
  });

  test('that are missing are CORRUPT, not skipped', async () => {
    await tamper(20, () => undefined);
    const log = await openEmbeddedLog({ directory });
    const reading = collect(log.read({ topic: 't', partition: 0, from: 0 }));
    await fails('CORRUPT', reading);
    await expect(reading).rejects.toThrow('t-0@20 is missing');
    await fails('CORRUPT', collect(log.read({ topic: 't', partition: 0, from: 25 })));
    await log.close();
  });

  test('that say where the log ends must be sound, or it does not open', async () => {
    await tamper(40, flipped);
    await fails('CORRUPT', openEmbeddedLog({ directory }));
  });
});

test('a consumer begins at what was committed while it was being assigned', async () => {
  const directory = await makeDirectory();
  const log = await openEmbeddedLog({ directory });
  await log.createTopics([{ name: 't', partitions: 1 }]);
  await log.append(numbered('t', 5));
  const seen: (string | undefined)[] = [];
  const at = { topic: 't', partition: 0 };
  const task = await log.openTask({ id: 'task', group: 'g', partitions: [at] });
  await log.consume({
    group: 'g',
    topics: ['t'],
    onAssigned: async () => {
      await task.commit({ offsets: [{ ...at, offset: 3 }] });
      return undefined;
    },
    onRevoked: async () => {},
    onRecords: (records) => {
      seen.push(...records.map(text));
    },
    onError: () => {},
  });
  await vi.waitFor(() => expect(seen).toEqual(['3', '4']), DEADLINE);
  await log.close();
  await rm(directory, { recursive: true });
});

describe('retention', () => {
  const DAY = 24 * 3600 * 1000;
  let directory: string;
  let now: number;

  beforeEach(async () => {
    directory = await makeDirectory();
    now = 10 * DAY;
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('deletes batches written too long ago, whatever time their records claim, but never the newest', async () => {
    const log = await openEmbeddedLog({ directory, now: () => now, retentionCheckMs: 5, tailCacheBytes: 0 });
    await log.createTopics([
      { name: 'short', partitions: 1, retentionMs: DAY },
      { name: 'ever', partitions: 1 },
      { name: 'compacted', partitions: 1, retentionMs: DAY, cleanup: 'compact' },
    ]);
    const start = async (topic: string): Promise<number | undefined> => (await log.offsets(topic))[0]?.start;
    for (let i = 0; i < 10; i++) {
      for (const topic of ['short', 'ever', 'compacted']) await log.append(numbered(topic, 10, i * 10));
      now += DAY / 4;
    }
    await vi.waitFor(async () => expect(await start('short')).toBe(60), DEADLINE);
    expect((await collect(log.read({ topic: 'short', partition: 0, from: 0 }))).map(text)[0]).toBe('60');
    now += 10 * DAY;
    await vi.waitFor(async () => expect(await start('short')).toBe(90), DEADLINE);
    expect([await start('ever'), await start('compacted')]).toEqual([0, 0]);
    await log.close();

    const reopened = await openEmbeddedLog({ directory, now: () => now });
    expect(await reopened.offsets('short')).toEqual([{ topic: 'short', partition: 0, start: 90, end: 100 }]);
    await reopened.close();
  });

  test('overtaking a reader makes it go on at the oldest record kept', async () => {
    const log = await openEmbeddedLog({ directory, now: () => now, retentionCheckMs: 5, tailCacheBytes: 0 });
    await log.createTopics([{ name: 't', partitions: 1, retentionMs: DAY }]);
    for (let i = 0; i < 6; i++) await log.append(numbered('t', 1000, i * 1000));
    const reading = log.read({ topic: 't', partition: 0, from: 0 })[Symbol.asyncIterator]();
    const seen: (string | undefined)[] = [];
    const next = async (): Promise<boolean> => {
      const { done = false, value } = await reading.next();
      if (!done) seen.push(...value.map(text));
      return !done;
    };
    await next();
    now += 2 * DAY;
    await log.append(numbered('t', 10, 6000));
    await vi.waitFor(async () => expect((await log.offsets('t'))[0]?.start).toBe(6000), DEADLINE);
    while (await next());
    expect(seen.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => `${i}`));
    await log.close();
  });

  test('frees the space of what it deleted, as more is written', async () => {
    const log = await openEmbeddedLog({ directory, flush: 'os', now: () => now, retentionCheckMs: 5 });
    await log.createTopics([{ name: 't', partitions: 1, retentionMs: DAY }]);
    const record = { topic: 't', key: null, value: Buffer.alloc(100_000, 'x'), timestamp: 1, headers: [] };
    const tenMegabytes = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await log.append(Array.from({ length: 10 }, () => record));
    };
    for (let i = 0; i < 20; i++) await tenMegabytes();
    expect(await bytesIn(directory)).toBeGreaterThan(190_000_000);
    for (let i = 0; i < 20; i++) {
      now += DAY / 4;
      await tenMegabytes();
    }
    await vi.waitFor(async () => {
      await log.append([record]);
      expect(await bytesIn(directory)).toBeLessThan(190_000_000);
    }, DEADLINE);
    await log.close();
  });
});

test('a machine without libatomic is told to install it', async () => {
  const missing = () => Promise.reject(new Error('libatomic.so.1: cannot open shared object file'));
  await fails('UNAVAILABLE', loadRocksDB(missing));
  await expect(loadRocksDB(missing)).rejects.toThrow('apt-get install libatomic1');
});

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)));
  return sizes.reduce((sum, each) => sum + (each?.size ?? 0), 0);
}
