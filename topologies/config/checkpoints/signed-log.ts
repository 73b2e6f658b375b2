import { CONFIG_TOPICS } from '../topics.ts';

/** A log whose records are the leaves of a Merkle tree, in order, and which is signed as it grows: one partition, no
 * retention, no compaction. */
export interface SignedLog {
  /** In messages: `config log`. */
  readonly name: string;
  /** The command that says more about a fault. */
  readonly command: string;
  /** Topics: of the records, ... */
  readonly records: string;
  /** ... and of what was signed of them. As old as the records, or nothing proves how they were. */
  readonly checkpoints: string;
  /** Whether each record holds its own number, `sequence`, counted from 1; or its place is all that numbers it. */
  readonly numbered: boolean;
}

export const CONFIG_LOG: SignedLog = {
  name: 'config log',
  command: 'signal config verify',
  records: CONFIG_TOPICS.events,
  checkpoints: CONFIG_TOPICS.checkpoints,
  numbered: true,
};
