import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRocksDB } from '../embedded/load-rocksdb.ts';
import { type Mutation, Storage } from '../embedded/storage.ts';
import { LogError } from '../errors.ts';
import type { KeyRange, LogRecord, StateChange } from '../log.ts';
import { readInt64, writeInt64 } from './protocol/writer.ts';

/** Up to where a store contains its changelog. */
export interface ChangelogPosition {
  /** Of the next changelog record. */
  readonly offset: number;
  /** When it was written, in epoch milliseconds. */
  readonly at: number;
}

/** A process may have dozens of tasks: 3 memtables of 4 MB each. */
const OPTIONS = { writeBufferSize: 4 * 1024 * 1024, maxWriteBufferNumber: 3, maxBackgroundJobs: 2 };

/**
 * The state of one task on this machine: a RocksDB directory with all its stores, and how much of their changelogs
 * they contain, which is written in one batch with what it states. It can be lost: the changelogs have everything.
 */
export class LocalStore {
  readonly #storage: Storage;

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  static async open(stateDirectory: string, taskId: string): Promise<LocalStore> {
    const directory = join(stateDirectory, encodeURIComponent(taskId));
    const RocksDB = await loadRocksDB();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      return new LocalStore(await Storage.open(RocksDB, directory, OPTIONS));
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== 'LOCKED') throw error;
      const advice = 'give each process its own state directory';
      throw new LogError('LOCKED', `task ${taskId} is open in another process; ${advice}`, { cause: error });
    }
  }

  getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return this.#storage.getMany(keys.map((key) => stateKey(store, key)));
  }

  async scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]> {
    const prefix = stateKey(store, EMPTY);
    const entries = await this.#storage.entries({
      gte: stateKey(store, range.gte ?? EMPTY),
      lt: range.lt === undefined ? after(prefix) : stateKey(store, range.lt),
      reverse: range.reverse ?? false,
      limit: range.limit ?? Number.POSITIVE_INFINITY,
    });
    return entries.map(({ key, value }) => [key.subarray(prefix.length), value]);
  }

  sizeOf(store: string): Promise<number> {
    const prefix = stateKey(store, EMPTY);
    return this.#storage.approximateBytes(prefix, after(prefix));
  }

  /** All of it or nothing. */
  async apply(
    changes: readonly StateChange[],
    positions: ReadonlyMap<string, ChangelogPosition>,
  ): Promise<void> {
    const mutations: Mutation[] = changes.map(({ store, key, value }) => ({
      key: stateKey(store, key),
      value,
    }));
    for (const [store, position] of positions) mutations.push(positionMutation(store, position));
    await this.#storage.write(mutations);
  }

  /** Takes over records of a store's changelog, which then contains it up to `position`. */
  async restore(store: string, records: readonly LogRecord[], position: ChangelogPosition): Promise<void> {
    const prefix = stateKey(store, EMPTY);
    const mutations: Mutation[] = [];
    for (const { key, value } of records) {
      if (key !== null) mutations.push({ key: prefixed(prefix, key), value });
    }
    mutations.push(positionMutation(store, position));
    await this.#storage.write(mutations);
  }

  async position(store: string): Promise<ChangelogPosition | undefined> {
    const [value] = await this.#storage.getMany([positionKey(store)]);
    return value ? { offset: readInt64(value, 0), at: readInt64(value, 8) } : undefined;
  }

  async clear(store: string): Promise<void> {
    const prefix = stateKey(store, EMPTY);
    await this.#storage.write([
      { from: prefix, to: after(prefix) },
      { key: positionKey(store), value: null },
    ]);
  }

  async close(): Promise<void> {
    await this.#storage.close();
  }
}

const EMPTY = Buffer.alloc(0);

/** A store's name cannot contain the zero that ends it, so no store's keys lie among another's. */
function stateKey(store: string, key: Buffer): Buffer {
  const name = Buffer.byteLength(store);
  const full = Buffer.allocUnsafe(name + 1 + key.length);
  full.write(store);
  full[name] = 0;
  full.set(key, name + 1);
  return full;
}

function prefixed(prefix: Buffer, key: Buffer): Buffer {
  const full = Buffer.allocUnsafe(prefix.length + key.length);
  full.set(prefix);
  full.set(key, prefix.length);
  return full;
}

function positionMutation(store: string, { offset, at }: ChangelogPosition): Mutation {
  const value = Buffer.allocUnsafe(16);
  writeInt64(value, at, writeInt64(value, offset, 0));
  return { key: positionKey(store), value };
}

/** Before all stores, which have names. */
function positionKey(store: string): Buffer {
  return Buffer.from(`\0${store}`);
}

/** The first key behind all that begin with the prefix, which ends with a zero. */
function after(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix);
  next[next.length - 1] = 1;
  return next;
}
