import type { RecordMetadata, StreamRecord } from './record.ts';

/**
 * One step of a topology with full control: state stores, forwarding, punctuation.
 *
 * Synchronous by design: a task processes a batch of records over an in-memory overlay of its stores and commits
 * once. A record may be run more than once (see `Suspend`), so effects belong into stores and forwarded records.
 */
export interface Processor<KIn, VIn, KOut, VOut> {
  init?(context: ProcessorContext<KOut, VOut>): void;
  process(record: StreamRecord<KIn, VIn>): void;
  close?(): void;
}

export type ProcessorSupplier<KIn, VIn, KOut, VOut> = () => Processor<KIn, VIn, KOut, VOut>;

export type PunctuationType = 'stream-time' | 'wall-clock-time';

export interface Cancellable {
  cancel(): void;
}

export interface ProcessorContext<K, V> {
  readonly taskId: string;
  readonly partition: number;
  /** Passes a record to the children, in the order they were declared, or to the one named. Returns when all
   * of them are done (depth first). */
  forward(record: StreamRecord<K, V>, child?: string): void;
  /** A store connected to this processor; the caller states its type, as declared by its builder. */
  store<S>(name: string): S;
  /** Where the current record was read; undefined in a punctuator that no record triggered. */
  readonly recordMetadata: RecordMetadata | undefined;
  /** Greatest timestamp the task has seen, -1 before the first record. */
  readonly streamTime: number;
  /** The runtime's clock, for wall-clock punctuators; everything else should use record time. */
  readonly wallClockTime: number;
  /**
   * Calls `punctuator` every `intervalMs`. Stream time: due at 0 first, so right after the first record, then at
   * multiples of the interval; at most once per record however far time jumped. Wall-clock time: first after one
   * interval; same rule.
   */
  schedule(intervalMs: number, type: PunctuationType, punctuator: (timestamp: number) => void): Cancellable;
  /** A number that is committed with the task and undone with a suspended record: for an operator's own time.
   * `initial` (default -1) before it was ever set. `name` is unique within the processor. */
  register(name: string, initial?: number): Register;
}

export interface Register {
  get(): number;
  set(value: number): void;
}
