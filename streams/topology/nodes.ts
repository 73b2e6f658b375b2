import type { ProcessorSupplier } from '../processor.ts';
import type { RecordContext } from '../record.ts';
import type { Serde } from '../serdes/serde.ts';
import type { StoreBuilder } from '../state/store.ts';

/** Chooses a record's topic; called after everything else about the record is settled. */
export type TopicNameExtractor<K, V> = (key: K, value: V, context: RecordContext) => string;

export interface SourceNode {
  readonly kind: 'source';
  readonly name: string;
  readonly topics: readonly string[];
  readonly key: Serde<unknown>;
  readonly value: Serde<unknown>;
  /** Gives a record its time; left out, the timestamp in the log. */
  readonly timestampExtractor?: ((value: unknown, timestamp: number) => number) | undefined;
}

export interface ProcessorNode {
  readonly kind: 'processor';
  readonly name: string;
  readonly parents: readonly string[];
  readonly supplier: ProcessorSupplier<unknown, unknown, unknown, unknown>;
  readonly stores: readonly string[];
  /** The records it forwards have the key of the record it got; lets keys be prefetched from the source on. */
  readonly keepsKey: boolean;
}

export interface SinkNode {
  readonly kind: 'sink';
  readonly name: string;
  readonly parents: readonly string[];
  readonly topic: string | TopicNameExtractor<unknown, unknown>;
  readonly key: Serde<unknown>;
  readonly value: Serde<unknown>;
  readonly partitioner?: ((key: unknown, value: unknown, partitions: number) => number) | undefined;
}

export type TopologyNode = SourceNode | ProcessorNode | SinkNode;

export interface StoreNode {
  readonly builder: StoreBuilder<unknown>;
  readonly users: readonly string[];
}

/** A topic a topology needs and nobody else creates. */
export interface InternalTopic {
  readonly name: string;
  /** Left out: as many as the source topics of the sub-topology that writes it. */
  readonly partitions?: number | undefined;
}

/** Nodes that must run together, because records or stores connect them; one task per partition of its sources. */
export interface SubTopology {
  readonly id: number;
  readonly nodes: readonly TopologyNode[];
  readonly sources: readonly SourceNode[];
  readonly sourceTopics: readonly string[];
  readonly stores: readonly StoreBuilder<unknown>[];
}
