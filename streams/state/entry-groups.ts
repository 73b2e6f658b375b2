import { Suspend } from '../suspend.ts';
import { idOf, insertSorted, lowerBound, removeSorted } from './sorted-ids.ts';
import { type StateReader, scanNowOrLater } from './state-reader.ts';
import type { StoreEntry } from './store-entry.ts';

/** What the groups need of the buffer they are part of. */
export interface GroupHost<V> {
  readonly store: string;
  readonly changed: readonly StoreEntry<V>[];
  entry(id: string): StoreEntry<V> | undefined;
  keep(id: string, bytes: Buffer | null): StoreEntry<V>;
  valueOf(entry: StoreEntry<V>): V | null;
}

interface Group {
  /** All keys of the group before `end`, in order. */
  ids: string[];
  /** What is not in memory begins here; undefined: all of the group is. */
  end: string | undefined;
  touched: boolean;
}

/** Entries of a queue that are read at a time. */
const CHUNK = 1_000;
const NO_PREFIX = Buffer.alloc(0);
/** A group's keys go on with a timestamp of eight bytes. Those below 2^53 begin with less than this, other keys
 * with the same beginning (text, as a rule) do not, and so are not read in vain. */
const AFTER_ANY_TIMESTAMP = Buffer.of(0, 0x20);

/**
 * Keys of one store that are read together: the windows of one key, the sessions of one key, or, as one single
 * group, a queue in order of time. A loaded group knows all its keys, so a range of it costs no read, and it takes
 * part in every change until it is evicted as a whole.
 *
 * A group of a key is loaded at once; a queue is loaded from its front, as far as it is walked.
 */
export class EntryGroups<V> {
  private readonly host: GroupHost<V>;
  private readonly reader: StateReader;
  private readonly suffix: number;
  private readonly maxEntries: number;
  private readonly groups = new Map<string, Group>();
  private held = 0;

  constructor(host: GroupHost<V>, reader: StateReader, suffix: number, maxEntries: number) {
    this.host = host;
    this.reader = reader;
    this.suffix = suffix;
    this.maxEntries = maxEntries;
  }

  /** Entries that loaded groups hold. */
  get size(): number {
    return this.held;
  }

  /** Asked about a key that is not in memory: is that because it does not exist? */
  knowsAbsent(id: string): boolean {
    return this.covering(id) !== undefined;
  }

  /** Entries of a group with `gte <= key < lt`, in order. A snapshot. */
  range(prefix: Buffer, gte: Buffer, lt: Buffer): [key: Buffer, value: V][] {
    const group = this.groupOf(prefix);
    const { ids } = group;
    const to = idOf(lt);
    const found: [Buffer, V][] = [];
    for (let index = lowerBound(ids, idOf(gte)); index < ids.length; index++) {
      const id = ids[index] as string;
      if (id >= to) break;
      const entry = this.host.entry(id);
      const value = entry === undefined ? null : this.host.valueOf(entry);
      if (entry !== undefined && value !== null) found.push([entry.key, value]);
    }
    return found;
  }

  /** The entries of a queue from its front on, or from a key on, until `visit` says no. It may delete what it is
   * shown. */
  walk(visit: (key: Buffer, value: V) => boolean, from: Buffer = NO_PREFIX): void {
    const group = this.groupOf(NO_PREFIX);
    const first = idOf(from);
    while (group.end !== undefined && group.end <= first) this.loadNow(NO_PREFIX, group);
    for (let index = lowerBound(group.ids, first); ; index++) {
      while (index >= group.ids.length && group.end !== undefined) this.loadNow(NO_PREFIX, group);
      const id = group.ids[index];
      if (id === undefined) return;
      const entry = this.host.entry(id);
      const value = entry === undefined ? null : this.host.valueOf(entry);
      if (entry !== undefined && value !== null && !visit(entry.key, value)) return;
    }
  }

  /** Brings groups into memory: of a queue, its front. */
  async load(prefixes: readonly Buffer[]): Promise<void> {
    const loads: Promise<void>[] = [];
    for (const prefix of prefixes) {
      if (this.groups.has(idOf(prefix))) continue;
      const waiting = this.loadMore(prefix, this.newGroup(prefix));
      if (waiting !== undefined) loads.push(waiting);
    }
    await Promise.all(loads);
  }

  /** A new entry joins its group, if that is loaded. */
  entered(entry: StoreEntry<V>): void {
    const group = this.covering(entry.id);
    if (group !== undefined) this.add(group, entry);
  }

  /** An entry is no more. */
  left(entry: StoreEntry<V>): void {
    if (!entry.grouped) return;
    const group = this.groups.get(this.nameOf(entry.id));
    if (group === undefined) return;
    removeSorted(group.ids, entry.id);
    this.release(entry);
  }

  /** Lets go of groups not used lately, and of the far end of a long queue. Between commits only. */
  evict(): void {
    let looks = 2 * this.groups.size;
    for (const [name, group] of this.groups) {
      if (this.held <= this.maxEntries || looks-- === 0) break;
      this.groups.delete(name);
      if (group.touched || this.suffix === Number.POSITIVE_INFINITY) {
        group.touched = false;
        this.groups.set(name, group);
      } else {
        this.letGo(group, 0);
      }
    }
    const queue = this.suffix === Number.POSITIVE_INFINITY ? this.groups.get('') : undefined;
    if (queue !== undefined && queue.ids.length > Math.max(this.maxEntries, 2 * CHUNK)) {
      this.letGo(queue, CHUNK);
    }
  }

  private groupOf(prefix: Buffer): Group {
    let group = this.groups.get(idOf(prefix));
    if (group === undefined) {
      group = this.newGroup(prefix);
      this.loadNow(prefix, group);
    }
    group.touched = true;
    return group;
  }

  private newGroup(prefix: Buffer): Group {
    return { ids: [], end: idOf(prefix), touched: true };
  }

  private loadNow(prefix: Buffer, group: Group): void {
    const waiting = this.loadMore(prefix, group);
    if (waiting !== undefined) throw new Suspend(waiting);
  }

  private loadMore(prefix: Buffer, group: Group): Promise<void> | undefined {
    const from = group.end;
    if (from === undefined) return undefined;
    const isQueue = this.suffix === Number.POSITIVE_INFINITY;
    const range = isQueue
      ? { gte: Buffer.from(from, 'latin1'), limit: CHUNK }
      : { gte: prefix, lt: Buffer.concat([prefix, AFTER_ANY_TIMESTAMP]) };
    const name = idOf(prefix);
    return scanNowOrLater(this.reader, this.host.store, range, (found) => {
      // Someone else may have loaded it meanwhile.
      if (group.end !== from || (this.groups.has(name) && this.groups.get(name) !== group)) return;
      this.groups.set(name, group);
      const last = isQueue && found.length === CHUNK ? found.at(-1) : undefined;
      group.end = last === undefined ? undefined : `${idOf(last[0])}\0`;
      const entries = found.flatMap(([key, bytes]) => {
        const id = idOf(key);
        return this.nameOf(id) === name ? [this.host.keep(id, bytes)] : [];
      });
      for (const entry of entries) this.add(group, entry);
      for (const entry of this.host.changed) {
        if (!entry.grouped && this.nameOf(entry.id) === name && this.covers(group, entry.id))
          this.add(group, entry);
      }
    });
  }

  private add(group: Group, entry: StoreEntry<V>): void {
    if (entry.grouped) return;
    entry.grouped = true;
    this.held++;
    insertSorted(group.ids, entry.id);
  }

  private release(entry: StoreEntry<V>): void {
    entry.grouped = false;
    this.held--;
  }

  private letGo(group: Group, keep: number): void {
    const gone = group.ids.splice(keep);
    group.end = gone[0] ?? group.end;
    for (const id of gone) {
      const entry = this.host.entry(id);
      if (entry !== undefined) this.release(entry);
    }
  }

  private covering(id: string): Group | undefined {
    const group = this.groups.get(this.nameOf(id));
    return group !== undefined && this.covers(group, id) ? group : undefined;
  }

  private covers(group: Group, id: string): boolean {
    return group.end === undefined || id < group.end;
  }

  private nameOf(id: string): string {
    return this.suffix === Number.POSITIVE_INFINITY ? '' : id.slice(0, -this.suffix);
  }
}
