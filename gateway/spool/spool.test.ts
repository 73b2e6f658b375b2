import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingRecord } from '../../streams/index.ts';
import { type Disk, Spool, type SpoolOptions } from './spool.ts';

let directory: string;
const open_: Spool[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(async () => {
  for (const spool of open_.splice(0)) await spool.close().catch(() => {});
  await rm(directory, { recursive: true, force: true });
});

async function start(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await Spool.open({ directory, maxBytes: 1_000_000, ...options });
  open_.push(spool);
  return spool;
}

async function restart(options?: Partial<SpoolOptions>): Promise<Spool> {
  await open_.pop()?.close();
  return start(options);
}

const record = (name: string, size = 0): OutgoingRecord => ({
  topic: 'raw-events',
  key: Buffer.from(name),
  value: Buffer.alloc(size, 'v'),
  timestamp: 1_700_000_000_000,
  headers: [['message-id', Buffer.from(name)]],
});

const names = (records: readonly OutgoingRecord[]) => records.map(({ key }) => key?.toString());

/** Everything left, taken. */
async function takeAll(spool: Spool): Promise<(string | undefined)[]> {
  const taken: (string | undefined)[] = [];
  for (let batch = await spool.peek(100); batch !== undefined; batch = await spool.peek(100)) {
    taken.push(...names(batch.records));
    await spool.advance({ records: batch.records.length, end: batch.end });
  }
  return taken;
}

const segments = async () => (await readdir(directory)).filter((name) => name.endsWith('.spool')).sort();
const lastSegment = async () => join(directory, (await segments()).at(-1) ?? '');

describe('a spool', () => {
  it('gives records back as they were, in order', async () => {
    const spool = await start();
    const first = { ...record('a', 5), value: null, timestamp: 1.5 };
    const second = { ...record('é🛒'), key: null, headers: [] };
    await spool.append([first, second]);
    expect((await spool.peek(10_000))?.records).toEqual([first, second]);
  });

  it('writes what is appended together with one sync', async () => {
    let syncs = 0;
    const disk: Disk = {
      write: async (file, bytes, position) => void (await file.write(bytes, 0, bytes.length, position)),
      sync: async (file) => {
        syncs++;
        await file.datasync();
      },
    };
    const spool = await start({ disk });
    await Promise.all(Array.from({ length: 100 }, (_, i) => spool.append([record(`${i}`)])));
    expect(syncs).toBe(2);
    expect(await takeAll(spool)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  it('can be appended to at the moment its last write ends', async () => {
    const spool = await start();
    let left = 200;
    const next = async (): Promise<void> => {
      await spool.append([record('x')]);
      if (--left > 0) await next();
    };
    await next();
    expect(spool.records).toBe(200);
  });

  it('goes on after a restart where it was left', async () => {
    let spool = await start();
    await spool.append([record('a'), record('b'), record('c')]);
    const batch = await spool.peek(0);
    expect(names(batch?.records ?? [])).toEqual(['a']);
    if (batch !== undefined) await spool.advance({ records: 1, end: batch.end });
    spool = await restart();
    expect(spool.records).toBe(2);
    expect(spool.oldest).toBe(1_700_000_000_000);
    await spool.append([record('d')]);
    expect(await takeAll(spool)).toEqual(['b', 'c', 'd']);
    expect(spool.oldest).toBeUndefined();
  });

  it('deletes segments that were taken, and never uses a number twice', async () => {
    const spool = await start({ segmentBytes: 200 });
    for (let i = 0; i < 10; i++) await spool.append([record(`${i}`, 150)]);
    expect((await segments()).length).toBeGreaterThan(4);
    expect(await takeAll(spool)).toHaveLength(10);
    expect(await segments()).toEqual([]);
    expect(spool.bytes).toBe(0);
    await restart();
    await open_[0]?.append([record('again')]);
    expect(await segments()).toEqual(['0000000011.spool']);
    expect(await takeAll(await restart())).toEqual(['again']);
  });

  it('refuses what would pass its limit, and takes it once there is room', async () => {
    const spool = await start({ maxBytes: 1050, segmentBytes: 300 });
    await spool.append([record('a', 400)]);
    await spool.append([record('b', 400)]);
    const full = expect.objectContaining({ code: 'SPOOL_FULL' });
    await expect(spool.append([record('c', 400)])).rejects.toEqual(full);
    const both = await Promise.allSettled([spool.append([record('d', 50)]), spool.append([record('e', 50)])]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await takeAll(spool)).toEqual(['a', 'b', 'd']);
    await spool.append([record('c', 400)]);
    expect(await takeAll(spool)).toEqual(['c']);
  });

  it('belongs to one process at a time', async () => {
    await start();
    await expect(Spool.open({ directory, maxBytes: 1000 })).rejects.toMatchObject({ code: 'SPOOL_LOCKED' });
    await restart();
  });

  it('is locked though its path is longer than a socket’s may be', async () => {
    directory = join(directory, 'x'.repeat(120));
    await start();
    await expect(Spool.open({ directory, maxBytes: 1000 })).rejects.toMatchObject({ code: 'SPOOL_LOCKED' });
  });
});

describe('a spool on a disk that', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  /** Writes half of what it should and fails, while `broken` is. */
  class BrokenDisk implements Disk {
    broken: 'write' | 'sync' | undefined;
    async write(file: Parameters<Disk['write']>[0], bytes: Buffer, position: number) {
      const length = this.broken === 'write' ? bytes.length >> 1 : bytes.length;
      await file.write(bytes, 0, length, position);
      if (this.broken === 'write') throw full;
    }
    async sync(file: Parameters<Disk['sync']>[0]) {
      if (this.broken === 'sync') throw full;
      await file.datasync();
    }
  }

  it.each(['write', 'sync'] as const)('fails to %s keeps nothing of what it refused', async (what) => {
    const disk = new BrokenDisk();
    let spool = await start({ disk });
    await spool.append([record('a')]);
    disk.broken = what;
    for (const name of ['b', 'c', 'd']) {
      await expect(spool.append([record(name)])).rejects.toMatchObject({ code: 'SPOOL_UNWRITABLE' });
    }
    expect(await segments()).toHaveLength(1);
    disk.broken = undefined;
    await spool.append([record('e')]);
    expect(spool.records).toBe(2);
    spool = await restart();
    expect(await takeAll(spool)).toEqual(['a', 'e']);
  });

  it('was cut off in the middle of a write loses only what was not acknowledged', async () => {
    let spool = await start();
    await spool.append([record('a'), record('b')]);
    const { size } = await stat(await lastSegment());
    await spool.append([record('torn', 100)]);
    for (const left of [1, 4, 7, 8, 50]) {
      await open_.pop()?.close();
      await truncate(await lastSegment(), size + left);
      spool = await start();
      expect(spool.records).toBe(2);
      expect((await stat(await lastSegment())).size).toBe(size);
      await open_.pop()?.close();
      await appendFile(await lastSegment(), Buffer.alloc(200));
      spool = await start();
    }
    await spool.append([record('c')]);
    expect(await takeAll(spool)).toEqual(['a', 'b', 'c']);
  });

  it('was cut off before the name of a length was a length does not allocate it', async () => {
    await start();
    await open_.pop()?.close();
    await appendFile(join(directory, '0000000001.spool'), Buffer.from('fffffff0000000000000', 'hex'));
    expect((await start()).records).toBe(0);
  });

  it('has damaged an old segment keeps its rest for people, and goes on with the next', async () => {
    const spool = await start({ segmentBytes: 100 });
    for (const name of ['a', 'b', 'c']) await spool.append([record(name, 100), record(`${name}2`)]);
    await open_.pop()?.close();
    const [first = ''] = await segments();
    const file = await open(join(directory, first), 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.from('!'), 0, 1, size - 1);
    await file.close();
    expect(await takeAll(await start({ segmentBytes: 100 }))).toEqual(['a', 'b', 'b2', 'c', 'c2']);
    expect(existsSync(join(directory, `${first}.damaged`))).toBe(true);
  });

  it('has damaged the note of its progress begins again at the first segment', async () => {
    const spool = await start();
    await spool.append([record('a'), record('b')]);
    const batch = await spool.peek(0);
    if (batch !== undefined) await spool.advance({ records: 1, end: batch.end });
    await open_.pop()?.close();
    await truncate(join(directory, 'progress'), 9);
    expect(await takeAll(await start())).toEqual(['a', 'b']);
  });
});
