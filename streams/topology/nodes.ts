import type { ProcessorSupplier } from '../processor.ts';
import type { RecordContext } from '../record.ts';
import type { Serde } from '../serdes/serde.ts';
import type { StoreBuilder, StorePrefetch } from '../state/store.ts';

/** Chooses a record's topic; called after everything else about the record is settled. */
export type TopicNameExtractor<K, V> = (key: K, value: V, context: RecordContext) => string;

/** Gives a record its time, from its value or, by default, its timestamp in the log. A record that is given a
 * negative one is skipped, as in Kafka Streams; anything but a number makes it unprocessable. */
export type TimestampExtractor<V> = (value: V, timestamp: number) => number;

export interface SourceNode {
  readonly kind: 'source';
  readonly name: string;
  readonly topics: readonly string[];
  readonly key: Serde<unknown>;
  readonly value: Serde<unknown>;
  readonly timestampExtractor?: TimestampExtractor<unknown> | undefined;
}

export interface ProcessorNode {
  readonly kind: 'processor';
  readonly name: string;
  readonly parents: readonly string[];
  readonly supplier: ProcessorSupplier<unknown, unknown, unknown, unknown>;
  readonly stores: readonly string[];
  readonly prefetching: Prefetching;
}

/** How the state a batch of records will need can be read in advance. */
export interface Prefetching {
  /** The keys of the records a processor forwards: that of the record it got, or what is told by its key and time
   * alone. Left out: cannot be told. */
  readonly keysAfter?: 'same' | ((key: unknown, timestamp: number) => Iterable<unknown>) | undefined;
  /** What the processor reads for a record; left out: what each of its stores tells by itself. */
  readonly reads?:
    | ((key: unknown, timestamp: number, request: (store: string) => StorePrefetch) => void)
    | undefined;
}

export interface SinkNode {
  readonly kind: 'sink';
  readonly name: string;
  readonly parents: readonly string[];
  readonly topic: string | TopicNameExtractor<unknown, unknown>;
  readonly key: Pick<Serde<unknown>, 'serialize'>;
  readonly value: Pick<Serde<unknown>, 'serialize'>;
  readonly partitioner?: ((key: unknown, value: unknown, partitions: number) => number) | undefined;
}

export type TopologyNode = SourceNode | ProcessorNode | SinkNode;

export interface StoreNode {
  readonly builder: StoreBuilder<unknown>;
  readonly users: readonly string[];
}

/** A topic of which every process reads all partitions into one table. */
export interface GlobalTableNode {
  readonly source: string;
  readonly processor: string;
  readonly store: string;
  readonly topic: string;
  readonly key: Serde<unknown>;
  readonly value: Serde<unknown>;
  readonly timestampExtractor?: TimestampExtractor<unknown> | undefined;
}

/** A topic a topology needs and nobody else creates. */
export interface InternalTopic {
  readonly name: string;
  /** Left out: as many as the source topics of the sub-topology that writes it. */
  readonly partitions?: number | undefined;
}

/** Topics whose partitions must correspond, because `node` joins what is in them. */
export interface Copartition {
  readonly node: string;
  readonly topics: readonly string[];
}

/** Nodes that must run together, because records or stores connect them; one task per partition of its sources. */
export interface SubTopology {
  readonly id: number;
  readonly nodes: readonly TopologyNode[];
  readonly sources: readonly SourceNode[];
  readonly sourceTopics: readonly string[];
  readonly stores: readonly StoreBuilder<unknown>[];
}
