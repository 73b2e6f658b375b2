import type { Register } from '../processor.ts';
import type { Codec, StateBuffer } from './state-buffer.ts';

/** What a store is built from, inside a task. */
export interface StoreContext {
  buffer<V>(codec: Codec<V>): StateBuffer<V>;
  /** A number committed with the task, see `ProcessorContext.register`. */
  register(name: string): Register;
}

/** Describes a store; every task builds its own part of it. */
export interface StoreBuilder<S> {
  readonly name: string;
  readonly logging: boolean;
  /** The stored key for a record key, so that a batch's keys can be read together in advance. Throws or returns
   * undefined where there is none. */
  prefetch?(key: unknown): Buffer | undefined;
  build(context: StoreContext): S;
}
