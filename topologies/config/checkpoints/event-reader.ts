import { EventTree } from '../../../config/index.ts';
import { type Log, LogError, type StoredRecord } from '../../../streams/index.ts';
import { CONFIG_TOPICS } from '../topics.ts';
import type { WriterSchemas } from './writer-schemas.ts';

const TOPIC = { topic: CONFIG_TOPICS.events, partition: 0 } as const;
const NO_BYTES = Buffer.alloc(0);

interface Waiter {
  readonly size: number;
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
}

/** Reads config-events into a tree. */
export class EventReader {
  readonly events = new EventTree();
  /** When each event was written. */
  readonly times: number[] = [];
  /** What is wrong with the numbering of the events, if anything. */
  breach: string | undefined;
  private readonly log: Pick<Log, 'read'>;
  private readonly schemas: WriterSchemas;
  private next = 0;
  private ended: unknown;
  private waiters: Waiter[] = [];

  constructor(log: Pick<Log, 'read'>, schemas: WriterSchemas) {
    this.log = log;
    this.schemas = schemas;
  }

  /** Resolves at the end of the log. */
  async readOn(): Promise<void> {
    for await (const records of this.log.read({ ...TOPIC, from: this.next })) await this.take(records);
  }

  /** Resolves when `signal` aborts; rejects when the log cannot be read any more. */
  async follow(signal: AbortSignal, afterChunk: () => Promise<void>): Promise<void> {
    try {
      for await (const records of this.log.read({ ...TOPIC, from: this.next, follow: true, signal })) {
        await this.take(records);
        await afterChunk();
      }
      this.ended = new LogError('CLOSED', 'nobody follows the config log any more');
    } catch (error) {
      this.ended = error;
      throw error;
    } finally {
      for (const { reject } of this.waiters.splice(0)) reject(this.ended);
    }
  }

  /** Resolves when so many events are read; rejects if that cannot be. */
  async whenRead(size: number): Promise<void> {
    if (size <= this.events.size) return;
    if (this.ended !== undefined) throw this.ended;
    await new Promise<void>((resolve, reject) => this.waiters.push({ size, resolve, reject }));
  }

  private async take(records: readonly StoredRecord[]): Promise<void> {
    const { events } = this;
    await this.schemas.prepare(records.map(({ value }) => value ?? NO_BYTES));
    for (const { value, offset, timestamp } of records) {
      const event = value === null ? undefined : this.schemas.read(value);
      events.add(value ?? NO_BYTES, event);
      this.times.push(timestamp);
      this.next = offset + 1;
      if (event?.sequence !== events.size)
        this.breach ??= `what stands in the place of event ${events.size} is not that event`;
    }
    const due = this.waiters.filter(({ size }) => size <= events.size);
    this.waiters = this.waiters.filter(({ size }) => size > events.size);
    for (const { resolve } of due) resolve();
  }
}
