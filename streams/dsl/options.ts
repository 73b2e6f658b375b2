import type { Serde } from '../serdes/serde.ts';
import type { TimestampExtractor } from '../topology/nodes.ts';

export interface Named {
  /** Name of the node, in errors, metrics and internal topics. Left out: made from the operator and a number. */
  readonly name?: string | undefined;
}

/** How a topic is read. */
export interface Consumed<K, V> extends Named {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Gives a record its time; left out, the timestamp in the log. */
  readonly timestampExtractor?: TimestampExtractor<V> | undefined;
}

/** The half of a serde that writing needs. */
export type Serializer<T> = Pick<Serde<T>, 'serialize'>;

/** How a topic is written; the serdes may be left out where the stream knows them. */
export interface Produced<K, V> extends Named {
  readonly key?: Serializer<K> | undefined;
  readonly value?: Serializer<V> | undefined;
  /** Chooses the partition; left out, the key's hash does. */
  readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
}

export interface ProcessOptions extends Named {
  /** Names of the state stores the processor uses, added to the builder before. */
  readonly stores?: readonly string[] | undefined;
}

/** Serdes for where an operator writes: each is needed only where it is not known from the stream already. `name` is
 * that of the repartition topic, where one is needed. */
export interface Grouped<K, V> extends Named {
  readonly key?: Serde<K> | undefined;
  readonly value?: Serde<V> | undefined;
}

export interface Repartitioned<K, V> extends Grouped<K, V> {
  /** Partitions of the topic; left out, as many as those of the topics the records come from. */
  readonly partitions?: number | undefined;
  readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
}

/** Where and how a table is kept. */
export interface Materialized<K, V> extends Named {
  /** Name of the store, for queries and for its changelog. Left out: made from the operator and a number. */
  readonly store?: string | undefined;
  readonly key?: Serde<K> | undefined;
  readonly value?: Serde<V> | undefined;
  /** See `StoreOptions`. */
  readonly persistent?: boolean | undefined;
  readonly logging?: boolean | undefined;
}

export interface WindowMaterialized<K, V> extends Materialized<K, V> {
  /** How long windows stay readable; at least, and left out, as long as they can still change. */
  readonly retentionMs?: number | undefined;
}

/** A join of a stream with a table. */
export interface Joined<K, V> extends Named {
  /** Serdes for the repartition topic, where one is needed. */
  readonly key?: Serde<K> | undefined;
  readonly value?: Serde<V> | undefined;
}

/** A join of two streams. */
export interface StreamJoined<K, V, VO> extends Named {
  readonly key?: Serde<K> | undefined;
  readonly value?: Serde<V> | undefined;
  readonly otherValue?: Serde<VO> | undefined;
  /** Base of the stores' names. */
  readonly store?: string | undefined;
  readonly persistent?: boolean | undefined;
  readonly logging?: boolean | undefined;
}
