import type { KeyRange, StateChange } from '../log/log.ts';
import { Suspend } from '../suspend.ts';

/** How values of a store become bytes. */
export interface Codec<V> {
  encode(value: V): Buffer;
  decode(bytes: Buffer): V;
}

/** Where committed state is read from. The synchronous forms exist only where state is in memory anyway. */
export interface StateReader {
  getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]>;
  scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]>;
  getNow?(store: string, key: Buffer): Buffer | null;
  scanNow?(store: string, range: KeyRange): [key: Buffer, value: Buffer][];
}

export interface StateBufferStats {
  hits: number;
  misses: number;
}

interface Entry<V> {
  readonly key: Buffer;
  /** `undefined`: not decoded yet, see `bytes`. `null`: no such key. */
  value: V | null | undefined;
  /** As committed or last encoded; `undefined` when the value changed since. */
  bytes: Buffer | null | undefined;
  dirty: boolean;
  /** Used since the eviction hand last passed. */
  touched: boolean;
}

interface RangeItem<V> {
  readonly id: string;
  readonly key: Buffer;
  readonly bytes: Buffer;
  value?: V;
}

/** A key as a string that sorts as its bytes do and costs no copy to hash. */
const idOf = (key: Buffer): string => key.toString('latin1');

/** Index of the first id in a sorted list that is not less than `id`. */
function lowerBound(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * One store of one task in memory: a cache of committed entries and, over it, the changes since the last commit.
 *
 * Reading what is not in memory throws a `Suspend` that loads it. Values are kept as objects, decoded once and
 * encoded once per commit however often they change, so a value taken out must not be mutated.
 */
export class StateBuffer<V> {
  readonly store: string;
  readonly stats: StateBufferStats = { hits: 0, misses: 0 };
  /** Called on every change, also on those that a later change of the same commit will cover. */
  onChange: ((key: Buffer, value: Buffer | null) => void) | undefined;

  private readonly codec: Codec<V>;
  private readonly reader: StateReader;
  private readonly maxEntries: number;
  private readonly journal: (() => void)[];
  private readonly entries = new Map<string, Entry<V>>();
  /** Ids changed since the last commit; sorted once a range was asked for. */
  private dirty: string[] = [];
  private dirtySorted = false;
  private ranges = new Map<string, readonly RangeItem<V>[]>();

  constructor(
    store: string,
    codec: Codec<V>,
    reader: StateReader,
    options: { readonly maxEntries: number; readonly journal: (() => void)[] },
  ) {
    this.store = store;
    this.codec = codec;
    this.reader = reader;
    this.maxEntries = options.maxEntries;
    this.journal = options.journal;
  }

  get(key: Buffer): V | null {
    const id = idOf(key);
    let entry = this.entries.get(id);
    if (entry === undefined) {
      this.stats.misses++;
      if (this.reader.getNow === undefined) throw new Suspend(this.load([key]));
      entry = this.keep(id, key, this.reader.getNow(this.store, key));
    } else {
      this.stats.hits++;
    }
    entry.touched = true;
    return this.valueOf(entry);
  }

  /** `null` deletes. */
  put(key: Buffer, value: V | null): void {
    const id = idOf(key);
    const entry = this.entries.get(id);
    if (entry === undefined) {
      this.journal.push(() => {
        this.entries.delete(id);
        this.unmarkDirty(id);
      });
      this.entries.set(id, { key, value, bytes: undefined, dirty: true, touched: true });
      this.markDirty(id);
    } else {
      const { value: oldValue, bytes: oldBytes, dirty: wasDirty } = entry;
      this.journal.push(() => {
        entry.value = oldValue;
        entry.bytes = oldBytes;
        entry.dirty = wasDirty;
        if (!wasDirty) this.unmarkDirty(id);
      });
      entry.value = value;
      entry.bytes = undefined;
      entry.touched = true;
      if (!wasDirty) {
        entry.dirty = true;
        this.markDirty(id);
      }
    }
    this.onChange?.(key, value === null ? null : this.codec.encode(value));
  }

  /** Entries in order of their keys' bytes. A snapshot: changing the store meanwhile does not disturb it. */
  range(range: KeyRange): [key: Buffer, value: V][] {
    const { limit, reverse, ...bounds } = range;
    const stored = this.storedRange(bounds);
    if (!this.dirtySorted) {
      this.dirty.sort();
      this.dirtySorted = true;
    }
    const from = bounds.gte === undefined ? 0 : lowerBound(this.dirty, idOf(bounds.gte));
    const to = bounds.lt === undefined ? this.dirty.length : lowerBound(this.dirty, idOf(bounds.lt));
    const found: [Buffer, V][] = [];
    let next = from;
    const takeDirty = (): void => {
      const entry = this.entries.get(this.dirty[next++] as string);
      if (entry === undefined) return;
      const value = this.valueOf(entry);
      if (value !== null) found.push([entry.key, value]);
    };
    for (const item of stored) {
      while (next < to && (this.dirty[next] as string) < item.id) takeDirty();
      if (next < to && this.dirty[next] === item.id) takeDirty();
      else {
        item.value ??= this.codec.decode(item.bytes);
        found.push([item.key, item.value]);
      }
    }
    while (next < to) takeDirty();
    if (reverse === true) found.reverse();
    return limit === undefined ? found : found.slice(0, limit);
  }

  /** Brings keys into memory; those already there cost nothing. */
  async load(keys: readonly Buffer[]): Promise<void> {
    const wanted = new Map<string, Buffer>();
    for (const key of keys) {
      const id = idOf(key);
      if (!this.entries.has(id)) wanted.set(id, key);
    }
    if (wanted.size === 0) return;
    const values = await this.reader.getMany(this.store, [...wanted.values()]);
    let index = 0;
    for (const [id, key] of wanted) {
      const bytes = values[index++] ?? null;
      if (!this.entries.has(id)) this.keep(id, key, bytes);
    }
  }

  /** Brings a range into memory, for `range` with the same bounds, until the next commit. */
  async loadRange(bounds: {
    readonly gte?: Buffer | undefined;
    readonly lt?: Buffer | undefined;
  }): Promise<void> {
    const id = rangeId(bounds);
    if (this.ranges.has(id)) return;
    this.ranges.set(id, toItems(await this.reader.scan(this.store, bounds)));
  }

  /** The changes since the last commit, one per key. */
  changes(): StateChange[] {
    return this.dirty.map((id) => {
      const entry = this.entries.get(id) as Entry<V>;
      if (entry.bytes === undefined) {
        const value = entry.value as V | null;
        entry.bytes = value === null ? null : this.codec.encode(value);
      }
      return { store: this.store, key: entry.key, value: entry.bytes };
    });
  }

  /** The changes are committed: they become cached entries, and the cache shrinks to its bound. */
  committed(): void {
    for (const id of this.dirty) {
      const entry = this.entries.get(id);
      if (entry !== undefined) entry.dirty = false;
    }
    this.dirty = [];
    this.ranges.clear();
    for (const [id, entry] of this.entries) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(id);
      if (entry.touched) {
        entry.touched = false;
        this.entries.set(id, entry);
      }
    }
  }

  private storedRange(bounds: {
    gte?: Buffer | undefined;
    lt?: Buffer | undefined;
  }): readonly RangeItem<V>[] {
    const id = rangeId(bounds);
    const known = this.ranges.get(id);
    if (known !== undefined) {
      this.stats.hits++;
      return known;
    }
    this.stats.misses++;
    if (this.reader.scanNow === undefined) throw new Suspend(this.loadRange(bounds));
    return toItems(this.reader.scanNow(this.store, bounds));
  }

  private keep(id: string, key: Buffer, bytes: Buffer | null): Entry<V> {
    const entry: Entry<V> = {
      key,
      value: bytes === null ? null : undefined,
      bytes,
      dirty: false,
      touched: true,
    };
    this.entries.set(id, entry);
    return entry;
  }

  private valueOf(entry: Entry<V>): V | null {
    if (entry.value === undefined) entry.value = entry.bytes ? this.codec.decode(entry.bytes) : null;
    return entry.value;
  }

  private markDirty(id: string): void {
    if (this.dirtySorted && this.dirty.length > 0) this.dirty.splice(lowerBound(this.dirty, id), 0, id);
    else this.dirty.push(id);
  }

  private unmarkDirty(id: string): void {
    const index = this.dirtySorted ? lowerBound(this.dirty, id) : this.dirty.lastIndexOf(id);
    if (this.dirty[index] === id) this.dirty.splice(index, 1);
  }
}

const rangeId = (bounds: { gte?: Buffer | undefined; lt?: Buffer | undefined }): string =>
  `${bounds.gte === undefined ? '-' : `[${idOf(bounds.gte)}`}\u0100${bounds.lt === undefined ? '-' : `)${idOf(bounds.lt)}`}`;

function toItems<V>(entries: readonly (readonly [Buffer, Buffer])[]): RangeItem<V>[] {
  return entries.map(([key, bytes]) => ({ id: idOf(key), key, bytes }));
}
