import type { StateChange } from '../log/log.ts';
import type { Register } from '../processor.ts';
import { Journal } from './journal.ts';
import { type EphemeralStore, OutsideReader } from './outside-reader.ts';
import { REGISTERS, registerCodec, storeRegister, TaskRegister } from './register.ts';
import { StateBuffer, type StateBufferStats } from './state-buffer.ts';
import type { Codec, StateReader } from './state-reader.ts';
import { partName, type StoreBuilder, type StorePrefetch } from './store.ts';
import { Sweeper } from './sweeper.ts';

/** What a batch of records is going to need, by store. */
export interface PrefetchRequest {
  of(store: string): StorePrefetch;
}

/**
 * All state of one task between two commits: a buffer per store, and a journal that undoes the record being
 * processed, so that it can be run again after a `Suspend` or be given up after an error.
 */
export class TaskState {
  private readonly reader: StateReader;
  private readonly maxEntries: number;
  private readonly journal = new Journal();
  private readonly buffers = new Map<string, StateBuffer<unknown>>();
  private readonly ephemeral = new Map<string, EphemeralStore>();
  private readonly sweepers: Sweeper[] = [];
  private readonly registers = new Map<string, TaskRegister>();
  /** As committed before this task was opened. */
  private readonly restored = new Map<string, number>();

  constructor(reader: StateReader, options: { readonly maxEntriesPerStore: number }) {
    this.reader = reader;
    this.maxEntries = options.maxEntriesPerStore;
  }

  /** Builds this task's part of a store. */
  build<S>(builder: StoreBuilder<S>): S {
    return builder.build({
      buffer: ({ codec, groupSuffix, part }) => {
        const store = partName(builder.name, part);
        const buffer = new StateBuffer({
          store,
          codec,
          groupSuffix,
          reader: this.reader,
          journal: this.journal,
          maxEntries: this.maxEntries,
          residence: builder.residence,
        });
        const known = buffer as StateBuffer<unknown>;
        this.buffers.set(store, known);
        if (builder.residence === 'ephemeral') {
          this.ephemeral.set(store, { buffer: known, codec: codec as Codec<unknown> });
        }
        return buffer;
      },
      register: (name, initial) => this.register(storeRegister(builder.name, name), initial),
      expire: (expiry) => this.sweepers.push(new Sweeper(expiry)),
    });
  }

  buffer(store: string): StateBuffer<unknown> | undefined {
    return this.buffers.get(store);
  }

  /** For queries from outside. */
  get outside(): StateReader {
    return new OutsideReader(this.reader, this.ephemeral);
  }

  /** The stores' caches, by name of the store. */
  get caches(): Iterable<
    readonly [store: string, cache: { readonly stats: StateBufferStats; readonly size: number }]
  > {
    return this.buffers;
  }

  /** Reads the registers an earlier run of this task has committed; before the first `register`. */
  async restoreRegisters(): Promise<void> {
    for (const [key, value] of await this.reader.scan(REGISTERS, {})) {
      this.restored.set(key.toString(), registerCodec.decode(value));
    }
  }

  register(name: string, initial = -1): Register {
    let register = this.registers.get(name);
    if (register === undefined) {
      register = new TaskRegister(name, this.restored.get(name) ?? initial, this.journal);
      this.registers.set(name, register);
    }
    return register;
  }

  /** Undo this when the current record is undone; for state kept outside stores. */
  onRollback(undo: () => void): void {
    this.journal.onRollback(undo);
  }

  /** Keeps what the current record did. */
  accept(): void {
    this.journal.accept();
  }

  /** Undoes what the current record did, latest first. */
  rollback(): void {
    this.journal.rollback();
  }

  /** Runs `collect`, then brings all it asked for into memory, the keys of a store with one read. */
  async prefetch(collect: (request: PrefetchRequest) => void): Promise<void> {
    const wanted = new Map<string, Wanted>();
    const wantedOf = (store: string): Wanted => {
      let wish = wanted.get(store);
      if (wish === undefined) {
        wish = new Wanted(store, wantedOf);
        wanted.set(store, wish);
      }
      return wish;
    };
    collect({ of: wantedOf });
    const loads: Promise<void>[] = [];
    for (const [store, { keys, groups }] of wanted) {
      const buffer = this.buffers.get(store);
      if (buffer === undefined) continue;
      if (keys.length > 0) loads.push(buffer.load(keys));
      if (groups.size > 0 && buffer.groups !== undefined)
        loads.push(buffer.groups.load([...groups.values()]));
    }
    await Promise.all(loads);
  }

  /** Deletes a bounded number of expired keys; between two records. A promise only if it has to wait for a read. */
  sweep(): Promise<void> | undefined {
    const waiting = this.sweepers.flatMap((sweeper) => sweeper.turn() ?? []);
    if (waiting.length > 0) return Promise.all(waiting).then(() => this.journal.accept());
    this.journal.accept();
    return undefined;
  }

  changes(): StateChange[] {
    const changes: StateChange[] = [];
    for (const buffer of this.buffers.values()) for (const change of buffer.changes()) changes.push(change);
    for (const register of this.registers.values()) {
      if (!register.changed) continue;
      changes.push({
        store: REGISTERS,
        key: Buffer.from(register.name),
        value: registerCodec.encode(register.get()),
      });
    }
    return changes;
  }

  committed(): void {
    for (const buffer of this.buffers.values()) buffer.committed();
    for (const register of this.registers.values()) register.committed();
  }
}

/** What a batch needs of one store. */
class Wanted implements StorePrefetch {
  readonly keys: Buffer[] = [];
  readonly groups = new Map<string, Buffer>();
  private readonly store: string;
  private readonly of: (store: string) => Wanted;

  constructor(store: string, of: (store: string) => Wanted) {
    this.store = store;
    this.of = of;
  }

  key(key: Buffer, part?: string): void {
    if (part === undefined) this.keys.push(key);
    else this.of(partName(this.store, part)).key(key);
  }

  group(prefix: Buffer, part?: string): void {
    if (part === undefined) this.groups.set(prefix.toString('latin1'), prefix);
    else this.of(partName(this.store, part)).group(prefix);
  }
}
