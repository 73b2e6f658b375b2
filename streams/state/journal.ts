/** A change the record being processed has made. */
export interface Change {
  undo(): void;
  /** The record is done: the change stays. */
  keep(): void;
}

/**
 * What undoes the record being processed, so that it can be run again after a `Suspend` or be given up after an
 * error. Whoever changes something notes itself once per record and remembers what was there before.
 */
export class Journal {
  private readonly changes: Change[] = [];

  note(change: Change): void {
    this.changes.push(change);
  }

  /** For state kept elsewhere: `undo` is called if the record is undone. */
  onRollback(undo: () => void): void {
    this.changes.push({ undo, keep: nothing });
  }

  accept(): void {
    for (const change of this.changes) change.keep();
    this.changes.length = 0;
  }

  /** Latest first. */
  rollback(): void {
    for (let change = this.changes.pop(); change !== undefined; change = this.changes.pop()) change.undo();
  }
}

const nothing = (): void => {};
