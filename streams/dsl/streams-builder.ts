import type { Change } from '../operators/change.ts';
import { TableSource } from '../operators/table-source.ts';
import { storeView } from '../operators/views.ts';
import { timestampedKeyValueStore } from '../state/key-value-store.ts';
import type { StoreBuilder } from '../state/store.ts';
import type { TimestampExtractor } from '../topology/nodes.ts';
import type { Topology } from '../topology/topology.ts';
import { GlobalKTable } from './global-ktable.ts';
import { GraphBuilder } from './graph-builder.ts';
import { KStream } from './kstream.ts';
import { KTable } from './ktable.ts';
import type { Consumed, Materialized } from './options.ts';

/** Where a table read from a topic is kept; its serdes are those of the topic. */
export type TableOptions = Pick<Materialized<never, never>, 'store' | 'persistent' | 'logging'>;

/** Builds a `Topology` from streams and tables and operators on them. */
export class StreamsBuilder {
  private readonly graph = new GraphBuilder();

  /** The records of one topic or several. A topic can be read once; use the stream it gave more than once. */
  stream<K, V>(topics: string | readonly string[], consumed: Consumed<K, V>): KStream<K, V> {
    const { graph } = this;
    const name = graph.nameOf('KSTREAM-SOURCE-', consumed);
    graph.addSource(name, typeof topics === 'string' ? [topics] : topics, consumed);
    const { key, value } = consumed;
    return new KStream({ graph, node: name, sources: [name], key, value, rekeyed: false });
  }

  /** A topic read as a table: the last value of a key is its row, null deletes it; records without a key are dropped.
   * Kept in a store if given one, or if an operator has to read it. */
  table<K, V>(topic: string, consumed: Consumed<K, V>, options: TableOptions = {}): KTable<K, V> {
    const { graph } = this;
    const store = graph.storeName(`${topic}-`, options.store);
    const source = consumed.name === undefined ? graph.newName('KSTREAM-SOURCE-') : `${consumed.name}-source`;
    const node = graph.nameOf('KTABLE-SOURCE-', consumed);
    const { key, value } = consumed;
    const { persistent, logging } = options;
    graph.addSource(source, [topic], consumed);
    const table = new TableSource<K, V>(store, () => {
      graph.addStore(timestampedKeyValueStore({ name: store, key, value, persistent, logging }));
      graph.topology.connectStores(node, [store]);
    });
    graph.addProcessor<K, V, K, Change<V>>(node, [source], () => table.processor(), { keysAfter: 'same' });
    if (options.store !== undefined) table.materialize();
    return new KTable({ graph, node, sources: [source], key, value, table, window: undefined });
  }

  /** A topic of which every process reads all partitions, into a table it holds in memory. It is read to its end
   * before the first record is processed, and followed from then on. */
  globalTable<K, V>(
    topic: string,
    consumed: Consumed<K, V>,
    options: Pick<TableOptions, 'store'> = {},
  ): GlobalKTable<K, V> {
    const { graph } = this;
    const store = graph.storeName(`${topic}-`, options.store);
    const source = consumed.name === undefined ? graph.newName('KSTREAM-SOURCE-') : `${consumed.name}-source`;
    const processor = graph.nameOf('KTABLE-SOURCE-', consumed);
    const { key, value } = consumed;
    const timestampExtractor = consumed.timestampExtractor as TimestampExtractor<unknown> | undefined;
    graph.topology.addGlobalTable({ source, processor, store, topic, key, value, timestampExtractor });
    return new GlobalKTable(store, storeView(store));
  }

  /** A store for `process`, before the processors that use it. */
  addStateStore<S>(builder: StoreBuilder<S>): this {
    this.graph.addStore(builder);
    return this;
  }

  /** Finds disconnected or impossible parts now rather than at start. */
  build(): Topology {
    this.graph.topology.validate();
    return this.graph.topology;
  }
}
