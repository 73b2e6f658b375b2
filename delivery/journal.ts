import type { OutgoingRecord, StateChange, TaskLog, TopicPartition } from '../streams/index.ts';

export interface JournalEntry {
  readonly changes?: readonly StateChange[];
  readonly records?: readonly OutgoingRecord[];
  /** The entry must survive a power cut before what follows from it may happen. */
  readonly durable?: boolean;
  /** Called when it is committed. */
  readonly committed?: () => void;
}

/** How far the partition has come; asked at the moment of a commit. */
export type Position = () => { readonly offset: number; readonly metadata: string } | undefined;

/** Commits what happens in a partition, in order: entries that come while a commit is under way share the next. */
export class Journal {
  readonly #taskLog: TaskLog;
  readonly #partition: TopicPartition;
  readonly #position: Position;
  readonly #onError: (error: Error) => void;
  #entries: JournalEntry[] = [];
  #writing: Promise<void> | undefined;
  #failed = false;

  constructor(
    taskLog: TaskLog,
    partition: TopicPartition,
    position: Position,
    onError: (error: Error) => void,
  ) {
    this.#taskLog = taskLog;
    this.#partition = partition;
    this.#position = position;
    this.#onError = onError;
  }

  /** What the position says must already include the entry. */
  add(entry: JournalEntry): void {
    if (this.#failed) return;
    this.#entries.push(entry);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything added is committed, or nothing more will be. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      // What is added in the same turn of the event loop goes together.
      await Promise.resolve();
      while (this.#entries.length > 0) {
        const entries = this.#entries;
        this.#entries = [];
        await this.#commit(entries);
        for (const { committed } of entries) committed?.();
      }
    } catch (error) {
      this.#failed = true;
      this.#entries = [];
      this.#onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#writing = undefined;
    }
  }

  #commit(entries: readonly JournalEntry[]): Promise<void> {
    const position = this.#position();
    return this.#taskLog.commit(
      {
        offsets: position === undefined ? [] : [{ ...this.#partition, ...position }],
        records: entries.flatMap(({ records }) => records ?? []),
        changes: entries.flatMap(({ changes }) => changes ?? []),
      },
      { durable: entries.some(({ durable }) => durable) },
    );
  }
}
