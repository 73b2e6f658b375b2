import type { StateChange } from '../log/log.ts';
import type { Register } from '../processor.ts';
import { type Codec, StateBuffer, type StateReader } from './state-buffer.ts';

/** Keys of one store, and the bounds of ranges, that a batch is going to ask for. */
export interface PrefetchRequest {
  key(store: string, key: Buffer): void;
  range(store: string, bounds: { readonly gte?: Buffer | undefined; readonly lt?: Buffer | undefined }): void;
}

/** The name under which a task keeps its registers (`ProcessorContext.register`). */
export const REGISTERS = 'registers';

const registerCodec: Codec<number> = {
  encode(value) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  },
  decode: (bytes) => bytes.readDoubleBE(0),
};

/** A number committed with its task, -1 at first. */
class TaskRegister implements Register {
  readonly name: string;
  committed: number;
  private value: number;
  private readonly journal: (() => void)[];

  constructor(name: string, value: number, journal: (() => void)[]) {
    this.name = name;
    this.value = value;
    this.committed = value;
    this.journal = journal;
  }

  get(): number {
    return this.value;
  }

  set(value: number): void {
    const before = this.value;
    this.journal.push(() => {
      this.value = before;
    });
    this.value = value;
  }
}

/**
 * All state of one task between two commits: a buffer per store, and a journal that undoes the record being
 * processed, so that it can be run again after a `Suspend` or be given up after an error.
 */
export class TaskState {
  private readonly reader: StateReader;
  private readonly maxEntries: number;
  private readonly journal: (() => void)[] = [];
  private readonly buffers = new Map<string, StateBuffer<unknown>>();
  private readonly registers = new Map<string, TaskRegister>();
  /** As committed before this task was opened. */
  private readonly restored = new Map<string, number>();

  constructor(reader: StateReader, options: { readonly maxEntriesPerStore: number }) {
    this.reader = reader;
    this.maxEntries = options.maxEntriesPerStore;
  }

  /** The buffer of a store, made at first use. A store has one codec, so `V` is the caller's to state once. */
  open<V>(store: string, codec: Codec<V>): StateBuffer<V> {
    const buffer = new StateBuffer<V>(store, codec, this.reader, {
      maxEntries: this.maxEntries,
      journal: this.journal,
    });
    this.buffers.set(store, buffer as StateBuffer<unknown>);
    return buffer;
  }

  buffer(store: string): StateBuffer<unknown> | undefined {
    return this.buffers.get(store);
  }

  /** Reads the registers an earlier run of this task has committed; before the first `register`. */
  async restoreRegisters(): Promise<void> {
    for (const [key, value] of await this.reader.scan(REGISTERS, {})) {
      this.restored.set(key.toString(), registerCodec.decode(value));
    }
  }

  register(name: string): Register {
    let register = this.registers.get(name);
    if (register === undefined) {
      register = new TaskRegister(name, this.restored.get(name) ?? -1, this.journal);
      this.registers.set(name, register);
    }
    return register;
  }

  /** Undo this when the current record is undone; for state kept outside stores. */
  onRollback(undo: () => void): void {
    this.journal.push(undo);
  }

  /** Keeps what the current record did. */
  accept(): void {
    this.journal.length = 0;
  }

  /** Undoes what the current record did, latest first. */
  rollback(): void {
    for (let undo = this.journal.pop(); undo !== undefined; undo = this.journal.pop()) undo();
  }

  /** Runs `collect`, then brings all it asked for into memory with one read per store. */
  async prefetch(collect: (request: PrefetchRequest) => void): Promise<void> {
    const keys = new Map<string, Buffer[]>();
    const loads: Promise<void>[] = [];
    collect({
      key(store, key) {
        const list = keys.get(store);
        if (list === undefined) keys.set(store, [key]);
        else list.push(key);
      },
      range: (store, bounds) => {
        const load = this.buffers.get(store)?.loadRange(bounds);
        if (load !== undefined) loads.push(load);
      },
    });
    for (const [store, list] of keys) {
      const load = this.buffers.get(store)?.load(list);
      if (load !== undefined) loads.push(load);
    }
    await Promise.all(loads);
  }

  changes(): StateChange[] {
    const changes: StateChange[] = [];
    for (const buffer of this.buffers.values()) changes.push(...buffer.changes());
    for (const register of this.registers.values()) {
      if (register.get() === register.committed) continue;
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
    for (const register of this.registers.values()) register.committed = register.get();
  }
}
