import type { Change } from './journal.ts';
import { keyOf } from './sorted-ids.ts';

/** What an entry tells its buffer when a record is undone. */
export interface EntryOwner<V> {
  /** The entry is not changed since the last commit, after all. */
  becameClean(entry: StoreEntry<V>): void;
  /** The entry was not there before. */
  becameUnknown(entry: StoreEntry<V>): void;
}

/** One key of a store in memory: a cached value, or one that waits for the next commit. */
export class StoreEntry<V> implements Change {
  readonly id: string;
  /** `undefined`: not decoded yet, see `bytes`. `null`: no such key. */
  value: V | null | undefined;
  /** As committed or last encoded; `undefined` when the value changed since. */
  bytes: Buffer | null | undefined;
  /** Changed since the last commit. */
  dirty = false;
  /** Used since the eviction hand last passed. */
  touched = true;
  /** Held by a loaded group, and evicted with it. */
  grouped = false;

  private readonly owner: EntryOwner<V>;
  private noted = false;
  private isNew = false;
  private valueBefore: V | null | undefined = undefined;
  private bytesBefore: Buffer | null | undefined = undefined;
  private dirtyBefore = false;

  constructor(
    owner: EntryOwner<V>,
    id: string,
    value: V | null | undefined,
    bytes: Buffer | null | undefined,
  ) {
    this.owner = owner;
    this.id = id;
    this.value = value;
    this.bytes = bytes;
  }

  /** Made anew each time: a small buffer that is kept keeps alive the large one it was cut from. */
  get key(): Buffer {
    return keyOf(this.id);
  }

  /** Remembers the state before the current record; says whether that is news to the journal. */
  note(isNew: boolean): boolean {
    if (this.noted) return false;
    this.noted = true;
    this.isNew = isNew;
    this.valueBefore = this.value;
    this.bytesBefore = this.bytes;
    this.dirtyBefore = this.dirty;
    return true;
  }

  undo(): void {
    this.noted = false;
    this.value = this.valueBefore;
    this.bytes = this.bytesBefore;
    if (!this.dirtyBefore) this.owner.becameClean(this);
    this.dirty = this.dirtyBefore;
    if (this.isNew) this.owner.becameUnknown(this);
  }

  keep(): void {
    this.noted = false;
    this.valueBefore = undefined;
    this.bytesBefore = undefined;
  }
}
