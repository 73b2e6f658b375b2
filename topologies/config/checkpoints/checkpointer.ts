import {
  diagnose,
  EventTree,
  type NoteKey,
  type NoteSigner,
  openCheckpoint,
  signCheckpoint,
  type Witness,
} from '../../../config/index.ts';
import { type Log, LogError, type SchemaRegistry, type StoredRecord } from '../../../streams/index.ts';
import { CONFIG_TOPICS } from '../topics.ts';
import { CheckpointError } from './errors.ts';
import { type CheckpointPublisher, Publishing } from './publishing.ts';
import { fromRecord, type StoredCheckpoint, toRecord } from './stored-checkpoint.ts';
import { WriterSchemas } from './writer-schemas.ts';

export interface CheckpointerOptions {
  readonly log: Pick<Log, 'read' | 'append'>;
  readonly registry: Pick<SchemaRegistry, 'schema'>;
  readonly signer: NoteSigner;
  /** Of keys that signed before, and whose checkpoints are still believed. */
  readonly retiredKeys?: readonly NoteKey[] | undefined;
  /** A checkpoint is due after so many events. Default 100. */
  readonly every?: number | undefined;
  /** No event waits longer than this for one. Default a day. */
  readonly maxAgeMs?: number | undefined;
  readonly publishers?: readonly CheckpointPublisher[] | undefined;
  readonly clock: { now(): number };
  /** What failed in the background; it goes on, or tries again. */
  readonly onError: (what: string, error: unknown) => void;
}

const DAY_MS = 24 * 3600 * 1000;
/** Leaf hashes in one record: 128 KiB. */
const MAX_LEAVES = 4096;
const PUBLISH_GRACE_MS = 5_000;

const NO_BYTES = Buffer.alloc(0);

/**
 * Keeps the Merkle tree of config-events and signs it.
 *
 * A log must never sign two histories, so whatever is in the log is held against every earlier checkpoint, and its
 * numbering checked, before anything new is signed. When it is not what it was, signing stops for good and says so.
 */
export class Checkpointer {
  /** Of the events as this process read them. */
  readonly events = new EventTree();
  readonly schemas: WriterSchemas;
  /** Believed here, the one that signs first. */
  readonly keys: readonly NoteKey[];
  private readonly options: CheckpointerOptions;
  private readonly publishing: readonly Publishing[];
  private readonly stopping = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private following: Promise<void> = Promise.resolve();
  private signing: Promise<void> = Promise.resolve();
  private nextEvent = 0;
  private nextCheckpoint = 0;
  private last: StoredCheckpoint | undefined;
  /** Checkpoints still to be held against the events. */
  private unchecked: Witness[] = [];
  private unsignedSince: number | undefined;
  private fault: CheckpointError | undefined;
  private broken: unknown;
  private waiters: {
    readonly size: number;
    readonly resolve: () => void;
    readonly reject: (why: unknown) => void;
  }[] = [];

  private constructor(options: CheckpointerOptions) {
    this.options = options;
    this.schemas = new WriterSchemas(options.registry);
    this.keys = [options.signer.key, ...(options.retiredKeys ?? [])];
    this.publishing = (options.publishers ?? []).map((each) => new Publishing(each, options.onError));
    const { maxAgeMs = DAY_MS } = options;
    this.timer = setInterval(() => void this.signWhatIsDue(), Math.max(10, Math.min(maxAgeMs, DAY_MS) / 24));
    this.timer.unref();
  }

  /** Resolves when the log is read to its end. */
  static async start(options: CheckpointerOptions): Promise<Checkpointer> {
    const checkpointer = new Checkpointer(options);
    try {
      await checkpointer.readCheckpoints();
      await checkpointer.readEvents();
    } catch (error) {
      clearInterval(checkpointer.timer);
      throw error;
    }
    // All of them: they were read before the events, so what they cover must have been there.
    checkpointer.compare(Number.POSITIVE_INFINITY);
    if (checkpointer.fault === undefined) checkpointer.publishLast();
    await checkpointer.signWhatIsDue();
    checkpointer.following = checkpointer.follow();
    return checkpointer;
  }

  /** The newest one. */
  get latest(): StoredCheckpoint | undefined {
    return this.last;
  }

  /** The events that are signed for. */
  get signedSize(): number {
    return this.last?.size ?? 0;
  }

  /** Resolves when so many events are read; rejects if that cannot be. */
  async whenRead(size: number): Promise<void> {
    if (size <= this.events.size) return;
    if (this.broken !== undefined) throw this.broken;
    await new Promise<void>((resolve, reject) => this.waiters.push({ size, resolve, reject }));
  }

  /** Has all events that are read signed for. Rejects with `LOG_AT_FAULT` if that must not be, or with the log's error. */
  async checkpointNow(): Promise<void> {
    await this.exclusively(() => this.sign(this.events.size));
    if (this.fault !== undefined) throw this.fault;
  }

  /** Signs for what is left, and gives what waits to be published a few seconds. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.following;
    try {
      await this.readEvents();
      await this.checkpointNow();
    } catch (error) {
      if (error !== this.fault) this.options.onError('the last checkpoint could not be written', error);
    }
    await Promise.all(this.publishing.map((each) => each.close(PUBLISH_GRACE_MS)));
  }

  private async follow(): Promise<void> {
    try {
      await this.readEvents({ follow: true, signal: this.stopping.signal });
      this.broken = new LogError('CLOSED', 'the checkpointer is stopping');
    } catch (error) {
      this.broken = error;
      this.options.onError('the config log cannot be followed, so no checkpoints are made of it', error);
    }
    for (const { reject } of this.waiters.splice(0)) reject(this.broken);
  }

  private async readEvents(how: { follow?: true; signal?: AbortSignal } = {}): Promise<void> {
    const topic = { topic: CONFIG_TOPICS.events, partition: 0 };
    for await (const records of this.options.log.read({ ...topic, from: this.nextEvent, ...how })) {
      await this.take(records);
      if (how.follow) await this.signWhatIsDue();
    }
  }

  private async take(records: readonly StoredRecord[]): Promise<void> {
    await this.schemas.prepare(records.map(({ value }) => value ?? NO_BYTES));
    for (const { value, offset, timestamp } of records) {
      const event = value === null ? undefined : this.schemas.read(value);
      this.events.add(value ?? NO_BYTES, event);
      this.nextEvent = offset + 1;
      this.unsignedSince ??= timestamp;
      if (event?.sequence !== this.events.size)
        this.refuse(`what stands in the place of event ${this.events.size} is not that event`);
    }
    const isRead = ({ size }: { readonly size: number }): boolean => size <= this.events.size;
    const due = this.waiters.filter(isRead);
    this.waiters = this.waiters.filter((waiter) => !isRead(waiter));
    for (const { resolve } of due) resolve();
  }

  private async signWhatIsDue(): Promise<void> {
    const { every = 100, maxAgeMs = DAY_MS, clock, onError } = this.options;
    await this.exclusively(async () => {
      const isOld = this.unsignedSince !== undefined && clock.now() - this.unsignedSince >= maxAgeMs;
      if (!isOld && this.events.size - this.signedSize < every) return;
      await this.sign(this.events.size);
    }).catch((error: unknown) => onError('a checkpoint could not be written; it will be tried again', error));
  }

  /** One after another, so that no two of this process cover the same events. */
  private exclusively(action: () => Promise<void>): Promise<void> {
    const result = this.signing.then(action);
    this.signing = result.catch(() => {});
    return result;
  }

  private async sign(upTo: number): Promise<void> {
    // Another process may have signed meanwhile.
    await this.readCheckpoints();
    this.compare(this.events.size);
    const { log, signer, clock } = this.options;
    const before = this.signedSize;
    while (this.fault === undefined && this.signedSize < upTo) {
      const first = this.signedSize;
      const size = Math.min(upTo, first + MAX_LEAVES);
      const { tree } = this.events;
      const hashes = Buffer.concat(Array.from({ length: size - first }, (_, i) => tree.leaf(first + i)));
      const stored: StoredCheckpoint = {
        note: signCheckpoint(signer, this.events.headAt(size)),
        size,
        time: clock.now(),
        publicKey: signer.key.text,
        leaves: { first, hashes },
      };
      await log.append([toRecord(stored)]);
      this.last = stored;
    }
    if (this.signedSize >= this.events.size) this.unsignedSince = undefined;
    else if (this.signedSize > before) this.unsignedSince = clock.now();
    if (this.signedSize > before) this.publishLast();
  }

  /** Reads on to the end of the topic and holds what it finds against the events. */
  private async readCheckpoints(): Promise<void> {
    const topic = { topic: CONFIG_TOPICS.checkpoints, partition: 0 };
    for await (const records of this.options.log.read({ ...topic, from: this.nextCheckpoint })) {
      for (const record of records) {
        this.nextCheckpoint = record.offset + 1;
        const stored = fromRecord(record);
        const opened = openCheckpoint(stored.note, this.keys);
        // One that nobody here signed binds nobody here; verifying the log names it.
        if (opened.kind === 'refused') continue;
        const { size, root } = opened.checkpoint;
        this.unchecked.push({ size, root, name: `checkpoint ${size}`, leaves: stored.leaves });
        if (size > this.signedSize) this.last = stored;
      }
    }
  }

  /** Holds the checkpoints that were read, of at most so many events, against the events. */
  private compare(upTo: number): void {
    const due = this.unchecked.filter((head) => head.size <= upTo);
    this.unchecked = this.unchecked.filter((head) => head.size > upTo);
    const { tree, size } = this.events;
    if (due.every((head) => head.size <= size && tree.root(head.size).equals(head.root))) return;
    this.refuse(diagnose(this.events, due)?.message ?? 'its checkpoints do not hold');
  }

  private refuse(why: string): void {
    if (this.fault !== undefined) return;
    this.fault = new CheckpointError('LOG_AT_FAULT', why);
    this.options.onError('checkpoints are not made any more', this.fault);
  }

  private publishLast(): void {
    if (this.last === undefined) return;
    const { size, note } = this.last;
    const root = this.events.tree.root(size);
    for (const each of this.publishing) each.offer({ size, root, note });
  }
}
