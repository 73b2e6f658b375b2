import type { StoreBuilder } from '../state/store.ts';
import type { Topology } from '../topology/topology.ts';
import { GraphBuilder } from './graph-builder.ts';
import { KStream } from './kstream.ts';
import type { Consumed } from './options.ts';

/** Builds a `Topology` from streams and operators on them. */
export class StreamsBuilder {
  private readonly graph = new GraphBuilder();

  /** The records of one topic or several. A topic can be read once; use the stream it gave more than once. */
  stream<K, V>(topics: string | readonly string[], consumed: Consumed<K, V>): KStream<K, V> {
    const name = this.graph.nameOf('KSTREAM-SOURCE-', consumed);
    this.graph.topology.addSource({
      name,
      topics: typeof topics === 'string' ? [topics] : topics,
      key: consumed.key,
      value: consumed.value,
      timestampExtractor: consumed.timestampExtractor as
        | ((value: unknown, timestamp: number) => number)
        | undefined,
    });
    return new KStream(this.graph, name);
  }

  /** A store for `process`, before the processors that use it. */
  addStateStore<S>(builder: StoreBuilder<S>): this {
    this.graph.topology.addStateStore(builder);
    return this;
  }

  build(): Topology {
    // Finds disconnected or impossible parts now rather than at start.
    this.graph.topology.subTopologies();
    return this.graph.topology;
  }
}
