import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WalSync } from './wal-sync.ts';

/** Write-ahead log files as RocksDB keeps them, and what of each would survive a power cut. */
class Disk {
  readonly files = new Map<number, { written: number; synced: number }>();
  #listed = new Set<number>();
  #last = 4;
  /** For each write that returned: its file and where it ends there. */
  readonly writes: { file: number; end: number }[] = [];

  constructor() {
    this.#create();
  }

  write(size: number): void {
    const file = this.files.get(this.#last)!;
    file.written += size;
    this.writes.push({ file: this.#last, end: file.written });
  }

  /** A table file takes a number in between, so numbers have gaps. */
  rotate(): void {
    this.#last += 2;
    this.#create();
  }

  /** The oldest file is dropped once its contents are in a synced table. */
  flush(): void {
    const oldest = Math.min(...this.files.keys());
    if (oldest === this.#last) return;
    this.files.delete(oldest);
  }

  survives({ file, end }: { file: number; end: number }): boolean {
    const found = this.files.get(file);
    return found === undefined || (found.synced >= end && this.#listed.has(file));
  }

  async currentWalFile(): Promise<{ number: number }> {
    await null;
    return { number: this.#last };
  }

  async list(): Promise<string[]> {
    return [
      'LOCK',
      'MANIFEST-000005',
      ...[...this.files.keys()].map((number) => `00000${number}.log`.slice(-10)),
    ];
  }

  async open(
    path: string,
  ): Promise<{ datasync(): Promise<void>; sync(): Promise<void>; close(): Promise<void> }> {
    const number = Number(/(\d+)\.log$/.exec(path)?.[1]);
    const file = this.files.get(number);
    const nothing = async (): Promise<void> => {};
    if (path === 'data') {
      const sync = async (): Promise<void> => {
        this.#listed = new Set(this.files.keys());
      };
      return { datasync: nothing, sync, close: nothing };
    }
    if (file === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    const datasync = async (): Promise<void> => {
      const { written } = file;
      await null;
      file.synced = Math.max(file.synced, written);
    };
    return { datasync, sync: nothing, close: nothing };
  }

  #create(): void {
    this.files.set(this.#last, { written: 0, synced: 0 });
  }
}

test('whatever happens meanwhile, a sync keeps every write that returned before it', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant('write' as const) },
    { weight: 3, arbitrary: fc.constant('tick' as const) },
    { weight: 3, arbitrary: fc.constantFrom('rotate' as const, 'flush' as const, 'sync' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const disk = new Disk();
      const wal = new WalSync(disk, 'data', disk);
      let syncing: Promise<void> = Promise.resolve();
      for (const each of steps) {
        if (each === 'write') disk.write(10);
        else if (each === 'rotate') disk.rotate();
        else if (each === 'flush') disk.flush();
        else if (each === 'tick') await null;
        else {
          await syncing;
          const promised = disk.writes.length;
          syncing = wal.sync().then(() => {
            for (const write of disk.writes.slice(0, promised)) expect(disk.survives(write)).toBe(true);
          });
        }
      }
      await syncing;
      const promised = disk.writes.length;
      await wal.sync();
      expect(disk.writes.slice(0, promised).every((write) => disk.survives(write))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
