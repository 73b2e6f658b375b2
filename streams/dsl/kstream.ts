import { TopologyError } from '../errors.ts';
import type { Change } from '../operators/change.ts';
import * as stateless from '../operators/stateless.ts';
import { TableSource } from '../operators/table-source.ts';
import type { ProcessorSupplier } from '../processor.ts';
import { timestampedKeyValueStore } from '../state/key-value-store.ts';
import type { TopicNameExtractor } from '../topology/nodes.ts';
import { BranchedStream } from './branched.ts';
import { GlobalKTable } from './global-ktable.ts';
import { type Origin, requireSerde } from './graph-builder.ts';
import { joinStreams } from './join-streams.ts';
import { type JoinInput, joinGlobalTable, joinTable } from './join-table.ts';
import { KGroupedStream } from './kgrouped-stream.ts';
import { KTable } from './ktable.ts';
import type {
  Grouped,
  Joined,
  Materialized,
  Named,
  ProcessOptions,
  Produced,
  Repartitioned,
  StreamJoined,
} from './options.ts';
import { throughRepartition } from './repartition.ts';
import type { JoinWindows } from './windows.ts';

export interface StreamOrigin<K, V> extends Origin<K, V> {
  /** The key may have changed since the records were partitioned by it. */
  readonly rekeyed: boolean;
}

/**
 * A stream of records: every record is a fact of its own. Operators return new streams; a stream used twice sends
 * each record to both, depth first, in the order they were declared.
 *
 * Timestamps and headers pass from a record to those made from it. Operators that may change the key say so; after
 * them, whatever needs records of one key together (grouping, joins with streams and tables, `toTable`) goes through
 * a repartition topic first, which needs to know serdes for key and value.
 */
export class KStream<K, V> {
  /** For the library itself. */
  readonly origin: StreamOrigin<K, V>;
  joinInput: JoinInput<K, V> | undefined;

  constructor(origin: StreamOrigin<K, V>) {
    this.origin = origin;
  }

  /** Keeps the records for which `predicate` holds. */
  filter(predicate: (key: K, value: V) => boolean, named?: Named): KStream<K, V> {
    return this.keeping('KSTREAM-FILTER-', stateless.filter(predicate), named);
  }

  /** Drops the records for which `predicate` holds. */
  filterNot(predicate: (key: K, value: V) => boolean, named?: Named): KStream<K, V> {
    const negated = stateless.filter<K, V>((key, value) => !predicate(key, value));
    return this.keeping('KSTREAM-FILTER-', negated, named);
  }

  /** One record for each; may change the key. */
  map<KR, VR>(mapper: (key: K, value: V) => readonly [KR, VR], named?: Named): KStream<KR, VR> {
    return this.rekeying('KSTREAM-MAP-', stateless.map(mapper), named);
  }

  /** One record for each, with the same key. */
  mapValues<VR>(mapper: (value: V, key: K) => VR, named?: Named): KStream<K, VR> {
    return this.newValues('KSTREAM-MAPVALUES-', stateless.mapValues(mapper), named);
  }

  /** Any number of records for each, in the order returned; may change the key. */
  flatMap<KR, VR>(mapper: (key: K, value: V) => Iterable<readonly [KR, VR]>, named?: Named): KStream<KR, VR> {
    return this.rekeying('KSTREAM-FLATMAP-', stateless.flatMap(mapper), named);
  }

  /** Any number of records for each, with the same key, in the order returned. */
  flatMapValues<VR>(mapper: (value: V, key: K) => Iterable<VR>, named?: Named): KStream<K, VR> {
    return this.newValues('KSTREAM-FLATMAPVALUES-', stateless.flatMapValues(mapper), named);
  }

  /** The same values under another key. */
  selectKey<KR>(selector: (key: K, value: V) => KR, named?: Named): KStream<KR, V> {
    const supplier = stateless.map((key: K, value: V) => [selector(key, value), value] as const);
    const stream = this.rekeying('KSTREAM-KEY-SELECT-', supplier, named);
    return new KStream({ ...stream.origin, value: this.origin.value });
  }

  /** Looks at each record and passes it on. May see a record more than once (see `Suspend`). */
  peek(action: (key: K, value: V) => void, named?: Named): KStream<K, V> {
    return this.keeping('KSTREAM-PEEK-', stateless.peek(action), named);
  }

  /** Ends the stream with an action. May see a record more than once (see `Suspend`). */
  foreach(action: (key: K, value: V) => void, named?: Named): void {
    this.newValues('KSTREAM-FOREACH-', stateless.foreach(action), named);
  }

  /** The records of both streams; no order between the two. */
  merge(other: KStream<K, V>, named?: Named): KStream<K, V> {
    const { graph, node, sources, key, value, rekeyed } = this.origin;
    const name = graph.nameOf('KSTREAM-MERGE-', named);
    if (other.origin.graph !== graph) {
      throw new TopologyError(name, 'the streams belong to different builders');
    }
    graph.addProcessor(name, [node, other.origin.node], stateless.passThrough<K, V>, { keysAfter: 'same' });
    return new KStream({
      graph,
      node: name,
      sources: [...new Set([...sources, ...other.origin.sources])],
      key,
      value,
      rekeyed: rekeyed || other.origin.rekeyed,
    });
  }

  /** Splits the stream: each record goes to the first branch whose predicate holds, else to the default branch, else
   * nowhere. */
  split(named?: Named): BranchedStream<K, V> {
    return new BranchedStream(this.origin, named);
  }

  /** Custom step with state stores, see `Processor`. May change the key. */
  process<KR, VR>(supplier: ProcessorSupplier<K, V, KR, VR>, options: ProcessOptions = {}): KStream<KR, VR> {
    return this.rekeying('KSTREAM-PROCESSOR-', supplier, options);
  }

  /** Custom step with state stores that keeps the key: it may forward records with the key it was given only, and so
   * needs no repartitioning after it. The stores' entries of a batch's keys are read together in advance. */
  processValues<VR>(supplier: ProcessorSupplier<K, V, K, VR>, options: ProcessOptions = {}): KStream<K, VR> {
    return this.newValues('KSTREAM-PROCESSVALUES-', supplier, options);
  }

  /** Sends the stream through a topic of its own, partitioned anew. Records without a key vanish. */
  repartition(options: Repartitioned<K, V> = {}): KStream<K, V> {
    const { graph, node } = this.origin;
    const name = graph.nameOf('KSTREAM-REPARTITION-', options);
    return this.through(node, { ...options, name });
  }

  /** Writes the stream to a topic: the same for all, or chosen for each record. */
  to(topic: string | TopicNameExtractor<K, V>, produced: Produced<K, V> = {}): void {
    const { graph, node, key, value } = this.origin;
    const name = graph.nameOf('KSTREAM-SINK-', produced);
    graph.addSink(name, node, topic, {
      key: requireSerde(name, 'key', produced.key, key),
      value: requireSerde(name, 'value', produced.value, value),
      partitioner: produced.partitioner,
    });
  }

  /** The last value of each key, in order of processing; a null value deletes. Records without a key are dropped. */
  toTable(options: Materialized<K, V> = {}): KTable<K, V> {
    const { graph } = this.origin;
    const node = graph.nameOf('KSTREAM-TOTABLE-', options);
    const store = graph.storeName('KSTREAM-TOTABLE-', options.store);
    const given = { name: node, key: options.key, value: options.value };
    const input = this.origin.rekeyed ? this.through(this.origin.node, given).origin : this.origin;
    const table = new TableSource<K, V>(store, () => {
      graph.addStore(
        timestampedKeyValueStore({
          name: store,
          key: requireSerde(node, 'key', options.key, input.key),
          value: requireSerde(node, 'value', options.value, input.value),
          persistent: options.persistent,
          logging: options.logging,
        }),
      );
      graph.topology.connectStores(node, [store]);
    });
    graph.addProcessor<K, V, K, Change<V>>(node, [input.node], () => table.processor(), {
      keysAfter: 'same',
    });
    if (options.store !== undefined) table.materialize();
    return new KTable({
      ...input,
      node,
      key: options.key ?? input.key,
      value: options.value ?? input.value,
      table,
      window: undefined,
    });
  }

  /** Groups records by their keys. Repartitions if the key may have changed. */
  groupByKey(grouped: Grouped<K, V> = {}): KGroupedStream<K, V> {
    const { key, value } = this.origin;
    return new KGroupedStream(
      { ...this.origin, key: grouped.key ?? key, value: grouped.value ?? value },
      grouped.name,
    );
  }

  /** Groups records by a new key; always repartitions. Records whose new key is null are dropped. */
  groupBy<KR>(selector: (key: K, value: V) => KR, grouped: Grouped<KR, V> = {}): KGroupedStream<KR, V> {
    return this.selectKey(selector).groupByKey(grouped);
  }

  /** Joins each record with the other stream's records of its key within a window, see `StreamJoin`. Both sides are
   * repartitioned if their keys may have changed. */
  join<VO, VR>(
    other: KStream<K, VO>,
    joiner: (left: V, right: VO, key: K) => VR,
    windows: JoinWindows,
    options?: StreamJoined<K, V, VO>,
  ): KStream<K, VR>;
  /** Looks each record up in a table. Repartitions if the key may have changed. Records with a null key or value, and
   * those that find no row, are dropped. */
  join<VT, VR>(
    table: KTable<K, VT>,
    joiner: (value: V, row: VT, key: K) => VR,
    options?: Joined<K, V>,
  ): KStream<K, VR>;
  /** Looks each record up in a global table under the key that `selector` gives. Never repartitions. */
  join<KT, VT, VR>(
    table: GlobalKTable<KT, VT>,
    selector: (key: K, value: V) => KT | null,
    joiner: (value: V, row: VT, key: K) => VR,
    named?: Named,
  ): KStream<K, VR>;
  join(other: object, ...rest: never[]): object {
    return this.joinWith('inner', other, rest);
  }

  /** As `join`, but records of this stream without a match are sent too, joined with null. */
  leftJoin<VO, VR>(
    other: KStream<K, VO>,
    joiner: (left: V, right: VO | null, key: K) => VR,
    windows: JoinWindows,
    options?: StreamJoined<K, V, VO>,
  ): KStream<K, VR>;
  leftJoin<VT, VR>(
    table: KTable<K, VT>,
    joiner: (value: V, row: VT | null, key: K) => VR,
    options?: Joined<K, V>,
  ): KStream<K, VR>;
  leftJoin<KT, VT, VR>(
    table: GlobalKTable<KT, VT>,
    selector: (key: K, value: V) => KT | null,
    joiner: (value: V, row: VT | null, key: K) => VR,
    named?: Named,
  ): KStream<K, VR>;
  leftJoin(other: object, ...rest: never[]): object {
    return this.joinWith('left', other, rest);
  }

  /** As `join`, but records of both streams without a match are sent too, joined with null. */
  outerJoin<VO, VR>(
    other: KStream<K, VO>,
    joiner: (left: V | null, right: VO | null, key: K) => VR,
    windows: JoinWindows,
    options?: StreamJoined<K, V, VO>,
  ): KStream<K, VR> {
    return joinStreams(this, other, joiner, 'outer', windows, options);
  }

  /** The signatures of `join` and `leftJoin` have checked what goes with what. */
  private joinWith(kind: 'inner' | 'left', other: object, rest: readonly never[]): object {
    const [second, third, fourth] = rest as readonly [never, never, never];
    if (other instanceof KStream) return joinStreams(this, other, second, kind, third, fourth);
    if (other instanceof KTable) return joinTable(this, other, second, kind === 'left', third);
    if (other instanceof GlobalKTable) {
      return joinGlobalTable(this, other, second, third, kind === 'left', fourth);
    }
    throw new TopologyError(this.origin.node, 'can be joined with a stream, a table or a global table only');
  }

  private keeping(
    prefix: string,
    supplier: ProcessorSupplier<K, V, K, V>,
    named: Named | undefined,
  ): KStream<K, V> {
    const stream = this.newValues(prefix, supplier, named);
    return new KStream({ ...stream.origin, value: this.origin.value });
  }

  private newValues<VR>(
    prefix: string,
    supplier: ProcessorSupplier<K, V, K, VR>,
    options: ProcessOptions = {},
  ): KStream<K, VR> {
    const { graph, node } = this.origin;
    const name = graph.nameOf(prefix, options);
    graph.addProcessor(name, [node], supplier, { stores: options.stores ?? [], keysAfter: 'same' });
    return new KStream({ ...this.origin, node: name, value: undefined });
  }

  private rekeying<KR, VR>(
    prefix: string,
    supplier: ProcessorSupplier<K, V, KR, VR>,
    options: ProcessOptions = {},
  ): KStream<KR, VR> {
    const { graph, node, sources } = this.origin;
    const name = graph.nameOf(prefix, options);
    graph.addProcessor(name, [node], supplier, { stores: options.stores ?? [] });
    return new KStream({ graph, node: name, sources, key: undefined, value: undefined, rekeyed: true });
  }

  private through(parent: string, options: Repartitioned<K, V> & { readonly name: string }): KStream<K, V> {
    const { graph, key, value } = this.origin;
    const { name } = options;
    const source = throughRepartition(graph, parent, {
      ...options,
      key: requireSerde(name, 'key', options.key, key),
      value: requireSerde(name, 'value', options.value, value),
    });
    return new KStream({ ...source, rekeyed: false });
  }
}
