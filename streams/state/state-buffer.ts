import type { KeyRange, StateChange } from '../log/log.ts';
import { Suspend } from '../suspend.ts';
import { type Bounds, CommittedRanges, type RangeItem } from './committed-ranges.ts';
import { EntryGroups } from './entry-groups.ts';
import type { Journal } from './journal.ts';
import { after } from './key-layout.ts';
import { idOf, insertSorted, lowerBound, removeSorted } from './sorted-ids.ts';
import { type Codec, type StateReader, scanNowOrLater } from './state-reader.ts';
import { type EntryOwner, StoreEntry } from './store-entry.ts';

export type { Codec, StateReader } from './state-reader.ts';

export interface StateBufferStats {
  hits: number;
  misses: number;
}

/** How much of a store its buffer holds in memory. */
export type Residence =
  /** What was used lately. */
  | 'cached'
  /** All of it, read when the task starts. */
  | 'resident'
  /** All of it, and nothing is committed: a restart begins with an empty store. */
  | 'ephemeral';

export interface StateBufferOptions<V> {
  readonly store: string;
  readonly codec: Codec<V>;
  readonly reader: StateReader;
  readonly journal: Journal;
  readonly maxEntries: number;
  readonly residence?: Residence | undefined;
  /** The last bytes of a key that tell the members of a group apart; what stands before them names the group.
   * Infinity: all keys are one group (a queue). */
  readonly groupSuffix?: number | undefined;
}

/**
 * One store of one task in memory: a cache of committed entries and, over it, the changes since the last commit.
 *
 * Reading what is not in memory throws a `Suspend` that loads it. Values are kept as objects, decoded once and
 * encoded once per commit however often they change, so a value taken out must not be mutated.
 */
export class StateBuffer<V> implements EntryOwner<V> {
  readonly store: string;
  readonly stats: StateBufferStats = { hits: 0, misses: 0 };
  /** Keys that belong together and are read together; undefined where the store has none. */
  readonly groups: EntryGroups<V> | undefined;
  /** Called on every change, also on those that a later change of the same commit will cover. */
  onChange: ((key: Buffer, value: V | null) => void) | undefined;

  private readonly codec: Codec<V>;
  private readonly reader: StateReader;
  private readonly maxEntries: number;
  private readonly journal: Journal;
  private readonly residence: Residence;
  private readonly entries = new Map<string, StoreEntry<V>>();
  private loaded: boolean;
  /** Changed since the last commit, in order of change. */
  private dirty: StoreEntry<V>[] = [];
  /** Their ids (of a resident store: all ids) in order, once a range was asked for. */
  private sorted: string[] | undefined;
  private readonly ranges: CommittedRanges<V>;

  constructor(options: StateBufferOptions<V>) {
    this.store = options.store;
    this.codec = options.codec;
    this.reader = options.reader;
    this.journal = options.journal;
    this.residence = options.residence ?? 'cached';
    this.loaded = this.residence === 'ephemeral';
    this.ranges = new CommittedRanges(options.store, options.reader, this.stats);
    this.maxEntries = this.residence === 'cached' ? options.maxEntries : Number.POSITIVE_INFINITY;
    if (options.groupSuffix !== undefined) {
      this.groups = new EntryGroups<V>(this, options.reader, options.groupSuffix, this.maxEntries);
    }
  }

  /** Entries in memory. */
  get size(): number {
    return this.entries.size;
  }

  get(key: Buffer): V | null {
    const id = idOf(key);
    let entry = this.entries.get(id);
    if (entry === undefined) {
      if (this.residence !== 'cached') {
        this.requireLoaded();
        entry = this.entries.get(id);
        if (entry === undefined) return null;
      } else if (this.groups?.knowsAbsent(id) === true) {
        this.stats.hits++;
        return null;
      } else {
        this.stats.misses++;
        if (this.reader.getNow === undefined) throw new Suspend(this.load([key]));
        entry = this.keep(id, this.reader.getNow(this.store, key));
      }
    } else {
      this.stats.hits++;
    }
    entry.touched = true;
    return this.valueOf(entry);
  }

  /** `null` deletes. */
  put(key: Buffer, value: V | null): void {
    const id = idOf(key);
    let entry = this.entries.get(id);
    if (entry === undefined) {
      entry = new StoreEntry<V>(this, id, null, null);
      entry.note(true);
      this.journal.note(entry);
      this.entries.set(id, entry);
    } else if (entry.note(false)) {
      this.journal.note(entry);
    }
    // One that was only known to be absent is in no group either.
    if (!entry.grouped) this.groups?.entered(entry);
    entry.value = value;
    entry.bytes = undefined;
    entry.touched = true;
    if (!entry.dirty) {
      entry.dirty = true;
      this.dirty.push(entry);
      if (this.sorted !== undefined) insertSorted(this.sorted, id);
    }
    this.onChange?.(key, value);
  }

  /** Entries in order of their keys' bytes. A snapshot: changing the store meanwhile does not disturb it. */
  range(range: KeyRange): [key: Buffer, value: V][] {
    const { limit, reverse, ...bounds } = range;
    const stored = this.storedRange(bounds);
    const sorted = this.sortedIds();
    const from = bounds.gte === undefined ? 0 : lowerBound(sorted, idOf(bounds.gte));
    const to = bounds.lt === undefined ? sorted.length : lowerBound(sorted, idOf(bounds.lt));
    const found: [Buffer, V][] = [];
    let next = from;
    const takeBuffered = (): void => {
      const entry = this.entries.get(sorted[next++] as string);
      if (entry === undefined) return;
      const value = this.valueOf(entry);
      if (value !== null) found.push([entry.key, value]);
    };
    for (const item of stored) {
      while (next < to && (sorted[next] as string) < item.id) takeBuffered();
      if (next < to && sorted[next] === item.id) takeBuffered();
      else {
        item.value ??= this.codec.decode(item.bytes);
        found.push([item.key, item.value]);
      }
    }
    while (next < to) takeBuffered();
    if (reverse === true) found.reverse();
    return limit === undefined ? found : found.slice(0, limit);
  }

  /** Brings keys into memory; those already there cost nothing. */
  async load(keys: readonly Buffer[]): Promise<void> {
    if (this.residence !== 'cached') return this.loadAll();
    const wanted = new Map<string, Buffer>();
    for (const key of keys) {
      const id = idOf(key);
      if (!this.entries.has(id) && this.groups?.knowsAbsent(id) !== true) wanted.set(id, key);
    }
    if (wanted.size === 0) return;
    const values = await this.reader.getMany(this.store, [...wanted.values()]);
    let index = 0;
    for (const id of wanted.keys()) {
      const bytes = values[index++] ?? null;
      if (!this.entries.has(id)) this.keep(id, bytes);
    }
  }

  /** The key does not exist, as far as that can be told without a read. */
  knowsAbsent(key: Buffer): boolean {
    const id = idOf(key);
    const entry = this.entries.get(id);
    return entry === undefined ? this.groups?.knowsAbsent(id) === true : entry.value === null;
  }

  /** Makes sure that keys are in memory, all with one read. */
  require(keys: readonly Buffer[]): void {
    if (this.reader.getNow !== undefined) return;
    const missing = keys.filter((key) => {
      const id = idOf(key);
      return !this.entries.has(id) && this.groups?.knowsAbsent(id) !== true;
    });
    if (missing.length > 0 && !this.loaded) throw new Suspend(this.load(missing));
  }

  /**
   * Deletes the expired among the next `limit` keys after `cursor`, between two records. Answers where to go on, or
   * undefined at the end.
   */
  sweep(
    isExpired: (key: Buffer) => boolean,
    cursor: Buffer | undefined,
    limit: number,
  ): Promise<Buffer | undefined> | Buffer | undefined {
    if (this.residence !== 'cached') {
      for (const { key, value } of [...this.entries.values()]) {
        if (value !== null && isExpired(key)) this.put(key, null);
      }
      return undefined;
    }
    let next: Buffer | undefined;
    const waiting = scanNowOrLater(this.reader, this.store, { gte: cursor, limit }, (found) => {
      for (const [key] of found) if (isExpired(key) && !this.knowsAbsent(key)) this.put(key, null);
      const last = found.length === limit ? found.at(-1) : undefined;
      next = last === undefined ? undefined : after(last[0]);
    });
    return waiting === undefined ? next : waiting.then(() => next);
  }

  /** The changes since the last commit, one per key. */
  changes(): StateChange[] {
    if (this.residence === 'ephemeral') return [];
    return this.dirty.map((entry) => {
      if (entry.bytes === undefined) {
        const value = entry.value ?? null;
        entry.bytes = value === null ? null : this.codec.encode(value);
      }
      return { store: this.store, key: entry.key, value: entry.bytes };
    });
  }

  /** The changes are committed: they become cached entries, and the cache shrinks to its bound. */
  committed(): void {
    const whole = this.residence !== 'cached';
    for (const entry of this.dirty) {
      entry.dirty = false;
      // The value is enough; small buffers would keep the large ones alive that they were cut from.
      entry.bytes = undefined;
      if (entry.value === null && (whole || entry.grouped)) {
        this.entries.delete(entry.id);
        this.groups?.left(entry);
        if (whole) this.sorted = undefined;
      }
    }
    this.dirty = [];
    if (!whole) this.sorted = undefined;
    this.ranges.clear();
    this.evict();
  }

  /** Takes an entry as committed into memory, if it is not there yet. */
  keep(id: string, bytes: Buffer | null): StoreEntry<V> {
    const known = this.entries.get(id);
    if (known !== undefined) return known;
    const entry = new StoreEntry<V>(this, id, bytes === null ? null : undefined, bytes);
    this.entries.set(id, entry);
    return entry;
  }

  entry(id: string): StoreEntry<V> | undefined {
    return this.entries.get(id);
  }

  /** What a reader of the committed state does not see yet. */
  get changed(): readonly StoreEntry<V>[] {
    return this.dirty;
  }

  valueOf(entry: StoreEntry<V>): V | null {
    if (entry.value === undefined) {
      entry.value = entry.bytes ? this.codec.decode(entry.bytes) : null;
      entry.bytes = undefined;
    }
    return entry.value;
  }

  becameClean(entry: StoreEntry<V>): void {
    if (!entry.dirty) return;
    // A record is undone latest change first, so this is the last one.
    this.dirty.pop();
    if (this.sorted !== undefined && this.residence === 'cached') removeSorted(this.sorted, entry.id);
    if (entry.value === null) this.groups?.left(entry);
  }

  becameUnknown(entry: StoreEntry<V>): void {
    this.entries.delete(entry.id);
    this.groups?.left(entry);
    if (this.sorted !== undefined) removeSorted(this.sorted, entry.id);
  }

  private requireLoaded(): void {
    if (this.loaded) return;
    const loading = this.loadAll();
    if (this.loaded) return;
    this.stats.misses++;
    throw new Suspend(loading);
  }

  private async loadAll(): Promise<void> {
    if (this.loaded) return;
    const waiting = scanNowOrLater(this.reader, this.store, {}, (entries) => {
      for (const [key, bytes] of entries) this.keep(idOf(key), bytes);
      this.sorted = undefined;
      this.loaded = true;
    });
    if (waiting !== undefined) await waiting;
  }

  private sortedIds(): string[] {
    this.sorted ??=
      this.residence === 'cached'
        ? this.dirty.map((entry) => entry.id).sort()
        : [...this.entries.keys()].sort();
    return this.sorted;
  }

  private storedRange(bounds: Bounds): readonly RangeItem<V>[] {
    if (this.residence === 'cached') return this.ranges.read(bounds);
    this.requireLoaded();
    return [];
  }

  private evict(): void {
    this.groups?.evict();
    // Each entry is looked at twice at most, so a cache that cannot shrink does not turn for ever.
    let looks = 2 * this.entries.size;
    const grouped = this.groups?.size ?? 0;
    for (const [id, entry] of this.entries) {
      if (this.entries.size - grouped <= this.maxEntries || looks-- === 0) break;
      this.entries.delete(id);
      if (entry.touched || entry.grouped) {
        entry.touched = false;
        this.entries.set(id, entry);
      }
    }
  }
}
