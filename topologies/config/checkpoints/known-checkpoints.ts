import {
  type Checkpoint,
  diagnose,
  type EventTree,
  type NoteKey,
  openCheckpoint,
  type Witness,
} from '../../../config/index.ts';
import type { Log } from '../../../streams/index.ts';
import type { SignedLog } from './signed-log.ts';
import { fromRecord } from './stored-checkpoint.ts';

/** A checkpoint that a key which is believed here has signed. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
  readonly by: NoteKey;
  /** Epoch milliseconds, as whoever signed it had them. Not signed. */
  readonly time: number;
}

/** Reads the checkpoints of a log. Whoever signs is bound by all of them, whichever process wrote them. */
export class KnownCheckpoints {
  /** Oldest first. */
  readonly signed: SignedCheckpoint[] = [];
  /** Of the largest size. */
  newest: SignedCheckpoint | undefined;
  /** Public key, as they name it, of those that no believed key has signed. They bind nobody here. */
  stranger: string | undefined;
  private readonly log: Pick<Log, 'read'>;
  private readonly of: SignedLog;
  private readonly keys: readonly NoteKey[];
  private next = 0;
  /** Still to be held against the events. */
  private unchecked: Witness[] = [];

  constructor(log: Pick<Log, 'read'>, of: SignedLog, keys: readonly NoteKey[]) {
    this.log = log;
    this.of = of;
    this.keys = keys;
  }

  /** How many events they cover. */
  get size(): number {
    return this.newest?.size ?? 0;
  }

  /** Resolves at the end of the topic. */
  async readOn(): Promise<void> {
    const topic = { topic: this.of.checkpoints, partition: 0 };
    for await (const records of this.log.read({ ...topic, from: this.next })) {
      for (const record of records) {
        this.next = record.offset + 1;
        const { note, time, publicKey, leaves } = fromRecord(record);
        const opened = openCheckpoint(note, this.keys);
        if (opened.kind === 'refused') {
          if (opened.why === 'unknown key') this.stranger ??= publicKey;
          continue;
        }
        const { checkpoint, by } = opened;
        const { size, root } = checkpoint;
        if (size > this.size) this.newest = { ...checkpoint, note, by, time };
        this.signed.push({ ...checkpoint, note, by, time });
        this.unchecked.push({ size, root, name: `checkpoint ${size}`, leaves });
      }
    }
  }

  /** Holds those of at most `upTo` events, once, against the events. What is wrong, if anything. */
  check(events: EventTree, upTo: number): string | undefined {
    const due = this.unchecked.filter(({ size }) => size <= upTo);
    this.unchecked = this.unchecked.filter(({ size }) => size > upTo);
    const holds = ({ size, root }: Witness): boolean =>
      size <= events.size && events.tree.root(size).equals(root);
    return due.every(holds) ? undefined : (diagnose(events, due)?.message ?? 'its checkpoints do not hold');
  }
}
