import type { OutgoingRecord } from '../streams/index.ts';

/** Where accepted events go: the log, or the log with a spool before it. */
export interface EventStore {
  /** Resolves when all are durable; they may be acknowledged then, and only then. */
  append(records: readonly OutgoingRecord[]): Promise<unknown>;
  /** `degraded`: events are taken, but the log has not got them yet. `full`: they are refused. Left out: `up`. */
  readonly state?: 'up' | 'degraded' | 'full';
}
