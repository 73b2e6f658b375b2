import type { Register } from '../processor.ts';
import type { Residence, StateBuffer } from './state-buffer.ts';
import type { Codec, StateReader } from './state-reader.ts';

export interface BufferRequest<V> {
  readonly codec: Codec<V>;
  /** See `StateBufferOptions`. */
  readonly groupSuffix?: number | undefined;
  /** A second table of the same store, for an index. Left out: the store's own. */
  readonly part?: string | undefined;
}

/** What a store is built from, inside a task. */
export interface StoreContext {
  buffer<V>(request: BufferRequest<V>): StateBuffer<V>;
  /** A number committed with the task, see `ProcessorContext.register`. */
  register(name: string, initial?: number): Register;
  /** Has the task delete, between batches and a bounded number at a time, the keys that are too old to be seen. */
  expire(expiry: Expiry): void;
}

/** Which keys of a buffer are too old to be seen. */
export interface Expiry {
  readonly buffer: StateBuffer<unknown>;
  /** The time of the store; a round through it begins when that has moved on by `step` since the last. */
  readonly time: Register;
  readonly step: number;
  isExpired(key: Buffer): boolean;
}

/** Stream time between two rounds, at least: as often as Kafka drops a segment. */
export const MIN_SWEEP_STEP_MS = 60_000;

/** Takes the keys and groups that a store is likely to be asked for. */
export interface StorePrefetch {
  key(key: Buffer, part?: string): void;
  /** All keys of a group: what stands before their `groupSuffix`. */
  group(prefix: Buffer, part?: string): void;
}

/** Describes a store; every task builds its own part of it. */
export interface StoreBuilder<S> {
  readonly name: string;
  /** Changes are also written to a changelog topic, where the log does not keep them itself. */
  readonly logging: boolean;
  /** Names of the tables it consists of, itself included. */
  readonly parts: readonly string[];
  readonly residence: Residence;
  /** Names what a record of this key and time will need, so that a batch's can be read together in advance. May
   * throw: what cannot be told is read when it is needed. */
  prefetch?(key: unknown, timestamp: number, request: StorePrefetch): void;
  build(context: StoreContext): S;
  readonly query?: StoreQuery;
}

/** Which questions a store answers. */
export type StoreKind = 'key-value' | 'window' | 'session';

/** A store as those outside see it: as committed, over the parts of several tasks. */
export interface StoreQuery {
  readonly kind: StoreKind;
  over(readers: () => readonly StateReader[]): unknown;
}

/** What all kinds of stores have in common. */
export interface StoreOptions {
  readonly name: string;
  /** Write changes to a changelog topic too, where the log does not keep them itself. Default true. */
  readonly logging?: boolean | undefined;
  /** false: the whole store is held in memory, so it never waits for a read; with `logging: false` too, it is kept
   * nowhere else and empty after a restart. Default true. */
  readonly persistent?: boolean | undefined;
}

/** The part of a `StoreBuilder` that follows from its options. */
export function storeBasics(
  options: StoreOptions,
  extraParts: readonly string[] = [],
): Pick<StoreBuilder<unknown>, 'name' | 'logging' | 'parts' | 'residence'> {
  const { name, logging = true, persistent = true } = options;
  return {
    name,
    logging,
    parts: [name, ...extraParts.map((part) => partName(name, part))],
    residence: persistent ? 'cached' : logging ? 'resident' : 'ephemeral',
  };
}

export const partName = (store: string, part: string | undefined): string =>
  part === undefined ? store : `${store}-${part}`;
