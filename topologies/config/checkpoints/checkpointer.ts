import { type EventTree, type NoteKey, type NoteSigner, signCheckpoint } from '../../../config/index.ts';
import type { Log, SchemaRegistry } from '../../../streams/index.ts';
import { CheckpointError } from './errors.ts';
import { EventReader } from './event-reader.ts';
import { KnownCheckpoints, type SignedCheckpoint } from './known-checkpoints.ts';
import { type CheckpointPublisher, Publishing } from './publishing.ts';
import type { SignedLog } from './signed-log.ts';
import { toRecord } from './stored-checkpoint.ts';
import { WriterSchemas } from './writer-schemas.ts';

export interface CheckpointerOptions {
  readonly of: SignedLog;
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

/**
 * Keeps the Merkle tree of a log and signs it.
 *
 * A log must never sign two histories, so whatever is in the log is held against every earlier checkpoint, and its
 * numbering checked, before anything new is signed. When it is not what it was, signing stops for good and says so.
 */
export class Checkpointer {
  readonly schemas: WriterSchemas;
  /** Believed here, the one that signs first. */
  readonly keys: readonly NoteKey[];
  private readonly options: CheckpointerOptions;
  private readonly reader: EventReader;
  private readonly known: KnownCheckpoints;
  private readonly publishing: readonly Publishing[];
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private caughtUp: Promise<void> = Promise.resolve();
  private following: Promise<void> = Promise.resolve();
  private signing: Promise<void> = Promise.resolve();
  private fault: CheckpointError | undefined;
  private isCaughtUp = false;

  private constructor(options: CheckpointerOptions) {
    const { of, log, registry, signer, retiredKeys = [], publishers = [], onError } = options;
    this.options = options;
    this.schemas = new WriterSchemas(registry, of);
    this.keys = [signer.key, ...retiredKeys];
    this.reader = new EventReader(log, of, this.schemas);
    this.known = new KnownCheckpoints(log, of, this.keys);
    this.publishing = publishers.map((each) => new Publishing(each, onError));
  }

  /** Resolves when the log is read to its end. */
  static async start(options: CheckpointerOptions): Promise<Checkpointer> {
    const checkpointer = Checkpointer.begin(options);
    await checkpointer.caughtUp;
    return checkpointer;
  }

  /** As `start`, and reads the log in the background. What is asked of it waits for that. */
  static begin(options: CheckpointerOptions): Checkpointer {
    const checkpointer = new Checkpointer(options);
    checkpointer.caughtUp = checkpointer.catchUp();
    checkpointer.following = checkpointer.caughtUp.then(
      () => checkpointer.follow(),
      (error: unknown) => checkpointer.giveUp(error),
    );
    return checkpointer;
  }

  /** The events as this process read them. */
  get events(): EventTree {
    return this.reader.events;
  }

  /** How many events are signed for. */
  get signedSize(): number {
    return this.known.size;
  }

  /** Resolves when so many events are read; rejects if that cannot be. */
  whenRead(size: number): Promise<void> {
    return this.reader.whenRead(size);
  }

  /** Resolves when all before this offset of the log is read; rejects if that cannot be. */
  whenReadTo(offset: number): Promise<void> {
    return this.reader.whenReadTo(offset);
  }

  /** All that were signed, oldest first. */
  async signed(): Promise<readonly SignedCheckpoint[]> {
    await this.caughtUp;
    await this.exclusively(() => this.known.readOn());
    return this.known.signed;
  }

  /** Has all events that are read signed for. Rejects with `LOG_AT_FAULT` if that must not be, or with the log's error. */
  async checkpointNow(): Promise<void> {
    await this.caughtUp;
    await this.exclusively(() => this.sign());
    if (this.fault !== undefined) throw this.fault;
  }

  /** Signs for what is left, and gives what waits to be published a few seconds. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.following;
    clearInterval(this.timer);
    try {
      if (this.isCaughtUp) {
        await this.reader.readOn();
        await this.checkpointNow();
      }
    } catch (error) {
      if (error !== this.fault) this.options.onError('the last checkpoint could not be written', error);
    }
    await Promise.all(this.publishing.map((each) => each.close(PUBLISH_GRACE_MS)));
  }

  private async catchUp(): Promise<void> {
    await this.known.readOn();
    await this.reader.readOn(this.stopping.signal);
    if (this.stopping.signal.aborted) return;
    this.isCaughtUp = true;
    const { stranger } = this.known;
    if (stranger !== undefined)
      this.options.onError('some checkpoints do not count', new CheckpointError('UNKNOWN_KEY', stranger));
    // All of them: they were read before the events, so what they cover must have been there.
    this.refuse(this.known.check(this.events, Number.POSITIVE_INFINITY));
    if (this.fault === undefined) this.publish();
    await this.signWhatIsDue();
  }

  private async follow(): Promise<void> {
    const { maxAgeMs = DAY_MS } = this.options;
    const look = (): void => void this.signWhatIsDue();
    this.timer = setInterval(look, Math.max(10, Math.min(maxAgeMs, DAY_MS) / 24)).unref();
    try {
      await this.reader.follow(this.stopping.signal, () => this.signWhatIsDue());
    } catch (error) {
      this.giveUp(error);
    }
  }

  private giveUp(error: unknown): void {
    this.reader.end(error);
    const { of, onError } = this.options;
    onError(`the ${of.name} cannot be followed, so no checkpoints are made of it`, error);
  }

  private async signWhatIsDue(): Promise<void> {
    const { every = 100, maxAgeMs = DAY_MS, clock, onError } = this.options;
    await this.exclusively(async () => {
      const oldest = this.reader.times[this.signedSize];
      const isOld = oldest !== undefined && clock.now() - oldest >= maxAgeMs;
      if (isOld || this.events.size - this.signedSize >= every) await this.sign();
    }).catch((error: unknown) =>
      onError(
        `a checkpoint of the ${this.options.of.name} could not be written; it will be tried again`,
        error,
      ),
    );
  }

  /** One after another, so that no two of this process cover the same events. */
  private exclusively(action: () => Promise<void>): Promise<void> {
    const result = this.signing.then(action);
    this.signing = result.catch(() => {});
    return result;
  }

  private async sign(): Promise<void> {
    const { of, log, signer, clock } = this.options;
    const { events, known } = this;
    // Another process may have signed meanwhile.
    await known.readOn();
    this.refuse(this.reader.breach ?? known.check(events, events.size));
    const before = known.size;
    const upTo = events.size;
    while (this.fault === undefined && known.size < upTo) {
      const first = known.size;
      const size = Math.min(upTo, first + MAX_LEAVES);
      const hashes = Array.from({ length: size - first }, (_, i) => events.tree.leaf(first + i));
      const note = signCheckpoint(signer, events.headAt(size));
      const leaves = { first, hashes: Buffer.concat(hashes) };
      const stored = { note, size, time: clock.now(), publicKey: signer.key.text, leaves };
      await log.append([toRecord(of, stored)]);
      await known.readOn();
      if (known.size < size) throw new Error(`checkpoint ${size} was written and cannot be read`);
    }
    if (known.size > before) this.publish();
  }

  /** For good. */
  private refuse(why: string | undefined): void {
    if (why === undefined || this.fault !== undefined) return;
    this.fault = new CheckpointError('LOG_AT_FAULT', why);
    this.options.onError(`checkpoints of the ${this.options.of.name} are not made any more`, this.fault);
  }

  private publish(): void {
    const { newest } = this.known;
    if (newest !== undefined) for (const each of this.publishing) each.offer(newest);
  }
}
