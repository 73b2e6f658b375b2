import { TopologyError } from '../errors.ts';
import type { ProcessorSupplier } from '../processor.ts';
import type { TopicNameExtractor } from '../topology/nodes.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { Named, ProcessOptions, Produced } from './options.ts';
import * as stateless from './stateless.ts';

/**
 * A stream of records: every record is a fact of its own. Operators return new streams; a stream used twice sends
 * each record to both, depth first, in the order they were declared.
 *
 * Timestamps and headers pass from a record to those made from it. Operators that may change the key say so; after
 * them, whatever needs records of one key together repartitions first.
 */
export class KStream<K, V> {
  private readonly graph: GraphBuilder;
  private readonly node: string;

  constructor(graph: GraphBuilder, node: string) {
    this.graph = graph;
    this.node = node;
  }

  /** Keeps the records for which `predicate` holds. */
  filter(predicate: (key: K, value: V) => boolean, named?: Named): KStream<K, V> {
    return this.stateless('KSTREAM-FILTER-', stateless.filter(predicate), named, true);
  }

  /** Drops the records for which `predicate` holds. */
  filterNot(predicate: (key: K, value: V) => boolean, named?: Named): KStream<K, V> {
    return this.stateless(
      'KSTREAM-FILTER-',
      stateless.filter<K, V>((k, v) => !predicate(k, v)),
      named,
      true,
    );
  }

  /** One record for each; may change the key. */
  map<KR, VR>(mapper: (key: K, value: V) => readonly [KR, VR], named?: Named): KStream<KR, VR> {
    return this.stateless('KSTREAM-MAP-', stateless.map(mapper), named, false);
  }

  /** One record for each, with the same key. */
  mapValues<VR>(mapper: (value: V, key: K) => VR, named?: Named): KStream<K, VR> {
    return this.stateless('KSTREAM-MAPVALUES-', stateless.mapValues(mapper), named, true);
  }

  /** Any number of records for each, in the order returned; may change the key. */
  flatMap<KR, VR>(mapper: (key: K, value: V) => Iterable<readonly [KR, VR]>, named?: Named): KStream<KR, VR> {
    return this.stateless('KSTREAM-FLATMAP-', stateless.flatMap(mapper), named, false);
  }

  /** Any number of records for each, with the same key, in the order returned. */
  flatMapValues<VR>(mapper: (value: V, key: K) => Iterable<VR>, named?: Named): KStream<K, VR> {
    return this.stateless('KSTREAM-FLATMAPVALUES-', stateless.flatMapValues(mapper), named, true);
  }

  /** The same values under another key. */
  selectKey<KR>(selector: (key: K, value: V) => KR, named?: Named): KStream<KR, V> {
    return this.stateless(
      'KSTREAM-KEY-SELECT-',
      stateless.map((k: K, v: V) => [selector(k, v), v]),
      named,
      false,
    );
  }

  /** Looks at each record and passes it on. May see a record more than once (see `Suspend`). */
  peek(action: (key: K, value: V) => void, named?: Named): KStream<K, V> {
    return this.stateless('KSTREAM-PEEK-', stateless.peek(action), named, true);
  }

  /** Ends the stream with an action. May see a record more than once (see `Suspend`). */
  foreach(action: (key: K, value: V) => void, named?: Named): void {
    this.stateless('KSTREAM-FOREACH-', stateless.foreach(action), named, true);
  }

  /** The records of both streams; no order between the two. */
  merge(other: KStream<K, V>, named?: Named): KStream<K, V> {
    if (other.graph !== this.graph)
      throw new TopologyError('merge', 'the streams belong to different builders');
    const name = this.graph.nameOf('KSTREAM-MERGE-', named);
    this.graph.addProcessor(name, [this.node, other.node], stateless.passThrough, { keepsKey: true });
    return new KStream(this.graph, name);
  }

  /** Custom step with state stores, see `Processor`. May change the key. */
  process<KR, VR>(supplier: ProcessorSupplier<K, V, KR, VR>, options: ProcessOptions = {}): KStream<KR, VR> {
    const name = this.graph.nameOf('KSTREAM-PROCESSOR-', options);
    this.graph.addProcessor(name, [this.node], supplier, { stores: options.stores ?? [], keepsKey: false });
    return new KStream(this.graph, name);
  }

  /** Custom step with state stores that keeps the key: it may forward records with the key it was given only, and so
   * needs no repartitioning after it. The stores' entries of a batch's keys are read together in advance. */
  processValues<VR>(supplier: ProcessorSupplier<K, V, K, VR>, options: ProcessOptions = {}): KStream<K, VR> {
    const name = this.graph.nameOf('KSTREAM-PROCESSVALUES-', options);
    this.graph.addProcessor(name, [this.node], supplier, { stores: options.stores ?? [], keepsKey: true });
    return new KStream(this.graph, name);
  }

  /** Writes the stream to a topic: the same for all, or chosen for each record. */
  to(topic: string | TopicNameExtractor<K, V>, produced: Produced<K, V>): void {
    this.graph.addSink(this.graph.nameOf('KSTREAM-SINK-', produced), this.node, topic, produced);
  }

  private stateless<KR, VR>(
    prefix: string,
    supplier: ProcessorSupplier<K, V, KR, VR>,
    named: Named | undefined,
    keepsKey: boolean,
  ): KStream<KR, VR> {
    const name = this.graph.nameOf(prefix, named);
    this.graph.addProcessor(name, [this.node], supplier, { keepsKey });
    return new KStream(this.graph, name);
  }
}
