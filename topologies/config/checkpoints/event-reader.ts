import { setTimeout as sleep } from 'node:timers/promises';
import { EventTree } from '../../../config/index.ts';
import { type Log, LogError, type StoredRecord } from '../../../streams/index.ts';
import type { SignedLog } from './signed-log.ts';
import type { WriterSchemas } from './writer-schemas.ts';

const RETRY_MS = 1000;
const NO_BYTES = Buffer.alloc(0);

interface Waiter {
  readonly isDue: () => boolean;
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
}

/** Reads the records of a log into a tree. */
export class EventReader {
  readonly events = new EventTree();
  /** When each event was written. */
  readonly times: number[] = [];
  /** What is wrong with the numbering of the events, if anything. */
  breach: string | undefined;
  private readonly log: Pick<Log, 'read'>;
  private readonly of: SignedLog;
  private readonly schemas: WriterSchemas;
  private next = 0;
  private ended: unknown;
  private waiters: Waiter[] = [];

  constructor(log: Pick<Log, 'read'>, of: SignedLog, schemas: WriterSchemas) {
    this.log = log;
    this.of = of;
    this.schemas = schemas;
  }

  /** Resolves at the end of the log, or when `signal` aborts. */
  async readOn(signal?: AbortSignal): Promise<void> {
    for await (const records of this.log.read({ ...this.position(), ...(signal && { signal }) }))
      await this.take(records);
  }

  /** Resolves when `signal` aborts; rejects when the log cannot be read any more. */
  async follow(signal: AbortSignal, afterChunk: () => Promise<void>): Promise<void> {
    try {
      // While the log cannot be reached nothing is written to it either, so nothing is missed by waiting.
      while (!(await this.followOn(signal, afterChunk)))
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    } finally {
      this.end(new LogError('CLOSED', `nobody follows the ${this.of.name} any more`));
    }
  }

  /** Resolves with whether `signal` ended it, and not that the log cannot be reached. */
  private async followOn(signal: AbortSignal, afterChunk: () => Promise<void>): Promise<boolean> {
    try {
      for await (const records of this.log.read({ ...this.position(), follow: true, signal })) {
        await this.take(records);
        await afterChunk();
      }
      return true;
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== 'UNAVAILABLE') throw error;
      return signal.aborted;
    }
  }

  /** Nothing more is read: lets nobody wait for it. */
  end(why: unknown): void {
    this.ended ??= why;
    for (const { reject } of this.waiters.splice(0)) reject(this.ended);
  }

  /** Resolves when so many events are read; rejects if that cannot be. */
  whenRead(size: number): Promise<void> {
    return this.when(() => size <= this.events.size);
  }

  /** Resolves when all before an offset is read; rejects if that cannot be. */
  whenReadTo(offset: number): Promise<void> {
    return this.when(() => offset <= this.next);
  }

  private async when(isDue: () => boolean): Promise<void> {
    if (isDue()) return;
    if (this.ended !== undefined) throw this.ended;
    await new Promise<void>((resolve, reject) => this.waiters.push({ isDue, resolve, reject }));
  }

  private position() {
    return { topic: this.of.records, partition: 0, from: this.next } as const;
  }

  private async take(records: readonly StoredRecord[]): Promise<void> {
    const { events } = this;
    await this.schemas.prepare(records.map(({ value }) => value ?? NO_BYTES));
    for (const { value, offset, timestamp } of records) {
      const event = value === null ? undefined : this.schemas.read(value, events.size + 1);
      events.add(value ?? NO_BYTES, event);
      this.times.push(timestamp);
      this.next = offset + 1;
      if (event?.sequence !== events.size)
        this.breach ??= `what stands in the place of event ${events.size} is not that event`;
    }
    const due = this.waiters.filter(({ isDue }) => isDue());
    this.waiters = this.waiters.filter(({ isDue }) => !isDue());
    for (const { resolve } of due) resolve();
  }
}
