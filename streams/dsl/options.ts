import type { Serde } from '../serdes/serde.ts';

export interface Named {
  /** Name of the node, in errors, metrics and internal topics. Left out: made from the operator and a number. */
  readonly name?: string | undefined;
}

/** How a topic is read. */
export interface Consumed<K, V> extends Named {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Gives a record its time; left out, the timestamp in the log. */
  readonly timestampExtractor?: ((value: V, timestamp: number) => number) | undefined;
}

/** How a topic is written. */
export interface Produced<K, V> extends Named {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Chooses the partition; left out, the key's hash does. */
  readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
}

export interface ProcessOptions extends Named {
  /** Names of the state stores the processor uses, added to the builder before. */
  readonly stores?: readonly string[] | undefined;
}
