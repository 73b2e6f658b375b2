import type { Headers } from './log/log.ts';

/** A record on its way through a topology. Immutable: to change one, forward another. */
export interface StreamRecord<K, V> {
  readonly key: K;
  readonly value: V;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly headers: Headers;
}

/** Where the record now being processed was read. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a topic chooser may look at besides key and value. */
export interface RecordContext extends RecordMetadata {
  readonly timestamp: number;
  readonly headers: Headers;
}
