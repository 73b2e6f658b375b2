import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** RocksDB, as far as it is needed here. */
interface WalSource {
  currentWalFile(): Promise<{ readonly number: number }>;
}

interface OpenFile {
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface Files {
  list(directory: string): Promise<string[]>;
  open(path: string, flags: 'r' | 'r+'): Promise<OpenFile>;
}

const FILES: Files = { list: readdir, open };

/**
 * Makes finished RocksDB writes survive a power cut. rocksdb-native cannot ask RocksDB for a synced write, so the
 * write-ahead log (WAL) files are synced from here. Why that is enough:
 *
 * - When a write has returned, RocksDB has handed its bytes to the operating system (`manual_wal_flush` is off);
 *   `fdatasync` works on the file, not the descriptor, so ours writes them out, and the file's new size with them.
 * - Files are written one after another, in the order of their numbers. A write that had returned when `sync` was
 *   called lies in a file from the current one of the previous sync up to the current one now. If those are the
 *   same, one `fdatasync` does. If not, all from the old one on are synced, after learning that it is closed.
 * - A new file's directory entry is synced too; RocksDB does that only for its own synced writes.
 * - A file that is gone was deleted because the table file with its records, and the manifest naming that, have
 *   been synced by RocksDB.
 * - Recovery is point-in-time: it stops at the first record missing or torn. So what survives is a prefix of the
 *   writes, even if the disk persisted later pages before earlier ones.
 */
export class WalSync {
  readonly #db: WalSource;
  readonly #directory: string;
  readonly #files: Files;
  #current: { readonly number: number; readonly file: OpenFile } | undefined;

  constructor(db: WalSource, directory: string, files: Files = FILES) {
    this.#db = db;
    this.#directory = directory;
    this.#files = files;
  }

  /** All writes that returned before the call are on the disk when it resolves. Not to be called again before. */
  async sync(): Promise<void> {
    const known = this.#current;
    // Asked while the likely file is being synced: rotation is rare, and the answer costs a trip to a thread.
    const [wal] = await Promise.all([this.#db.currentWalFile(), known?.file.datasync()]);
    if (known?.number === wal.number) return;
    this.#current = undefined;
    await known?.file.close();
    await this.#syncFrom(known?.number ?? 0);
  }

  async close(): Promise<void> {
    await this.#current?.file.close();
    this.#current = undefined;
  }

  async #syncFrom(first: number): Promise<void> {
    const numbers = (await this.#files.list(this.#directory))
      .flatMap((name) => (/^\d+\.log$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .filter((number) => number >= first)
      .sort((a, b) => a - b);
    for (const [i, number] of numbers.entries()) {
      const file = await this.#openIfPresent(join(this.#directory, `${String(number).padStart(6, '0')}.log`));
      await file?.datasync();
      if (file !== undefined && i === numbers.length - 1) this.#current = { number, file };
      else await file?.close();
    }
    if (process.platform === 'win32') return; // directories cannot be opened there, and need no sync
    const directory = await this.#files.open(this.#directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  /** Opened for writing because Windows syncs no other. */
  async #openIfPresent(path: string): Promise<OpenFile | undefined> {
    try {
      return await this.#files.open(path, 'r+');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
