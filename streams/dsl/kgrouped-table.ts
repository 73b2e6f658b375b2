import type { Change } from '../operators/change.ts';
import {
  changeSerde,
  TableAggregate,
  type TableAggregation,
  TableRegroup,
} from '../operators/table-group.ts';
import { serdes } from '../serdes/primitives.ts';
import type { Serde } from '../serdes/serde.ts';
import { timestampedKeyValueStore } from '../state/key-value-store.ts';
import { requireSerde } from './graph-builder.ts';
import { KTable, type TableNode } from './ktable.ts';
import type { Grouped, Materialized } from './options.ts';

/** Behind a table's `groupBy`: the rows as they go to their groups. */
interface GroupOrigin<K, V> {
  readonly graph: TableNode<unknown, unknown>['graph'];
  readonly node: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Of the repartition topic, where the user gave one. */
  readonly name: string | undefined;
}

export function regroup<K, V, KR, VR>(
  table: TableNode<K, V>,
  selector: (key: K, value: V) => readonly [KR, VR],
  grouped: Grouped<KR, VR>,
): KGroupedTable<KR, VR> {
  const { graph } = table;
  const node = graph.nameOf('KTABLE-SELECT-', grouped);
  const key = requireSerde(node, 'key', grouped.key);
  const value = requireSerde(node, 'value', grouped.value);
  table.table.sendOldValues(true);
  const isSameKey = (a: KR, b: KR): boolean => a === b || key.serialize(a).equals(key.serialize(b));
  graph.addProcessor<K, Change<V>, KR, Change<VR>>(
    node,
    [table.node],
    () => new TableRegroup(selector, isSameKey),
  );
  return new KGroupedTable({ graph, node, key, value, name: grouped.name });
}

/**
 * A table's rows, grouped by a new key. A changed row is taken out of its old group (`subtractor`) and put into its
 * new one (`adder`); both at once if they are the same. The subtractor is not called where there is no aggregate.
 */
export class KGroupedTable<K, V> {
  private readonly origin: GroupOrigin<K, V>;
  private source: string | undefined;

  constructor(origin: GroupOrigin<K, V>) {
    this.origin = origin;
  }

  /** Number of rows of each group; goes down to 0, which is no tombstone. */
  count(options: Materialized<K, number> = {}): KTable<K, number> {
    const counting: TableAggregation<K, V, number> = {
      add: (_key, _value, count) => (count ?? 0) + 1,
      subtract: (_key, _value, count) => count - 1,
    };
    return this.build('KTABLE-AGGREGATE-', counting, { value: serdes.long(), ...options });
  }

  /** The first row of a group is its aggregate as it is. */
  reduce(
    adder: (aggregate: V, value: V) => V | null,
    subtractor: (aggregate: V, value: V) => V | null,
    options: Materialized<K, V> = {},
  ): KTable<K, V> {
    const reducing: TableAggregation<K, V, V> = {
      add: (_key, value, aggregate) => (aggregate === null ? value : adder(aggregate, value)),
      subtract: (_key, value, aggregate) => subtractor(aggregate, value),
    };
    return this.build('KTABLE-REDUCE-', reducing, { value: this.origin.value, ...options });
  }

  aggregate<VR>(
    initializer: () => VR,
    adder: (key: K, value: V, aggregate: VR) => VR | null,
    subtractor: (key: K, value: V, aggregate: VR) => VR | null,
    options: Materialized<K, VR>,
  ): KTable<K, VR> {
    const aggregation: TableAggregation<K, V, VR> = {
      add: (key, value, aggregate) => adder(key, value, aggregate ?? initializer()),
      subtract: subtractor,
    };
    return this.build('KTABLE-AGGREGATE-', aggregation, options);
  }

  private build<VR>(
    prefix: string,
    aggregation: TableAggregation<K, V, VR>,
    options: Materialized<K, VR>,
  ): KTable<K, VR> {
    const { graph } = this.origin;
    // Kafka's names of reduce's stores say aggregate, too.
    const store = graph.storeName('KTABLE-AGGREGATE-', options.store);
    const named = (suffix: string, generated: string): string =>
      options.name === undefined ? graph.newName(generated) : `${options.name}${suffix}`;
    const sinkName = named('-sink', 'KSTREAM-SINK-');
    const sourceName = named('-source', 'KSTREAM-SOURCE-');
    const node = graph.nameOf(prefix, options);
    const source = this.throughTopic(`${this.origin.name ?? store}-repartition`, sinkName, sourceName);
    const key = requireSerde(node, 'key', options.key, this.origin.key);
    const value = requireSerde(node, 'value', options.value);
    const { persistent, logging } = options;
    graph.addStore(timestampedKeyValueStore({ name: store, key, value, persistent, logging }));
    const table = new TableAggregate(store, aggregation);
    graph.addProcessor<K, Change<V>, K, Change<VR>>(node, [source], () => table.processor(), {
      stores: [store],
      keysAfter: 'same',
    });
    return new KTable({ graph, node, sources: [source], key, value, table, window: undefined });
  }

  /** A topic named by the user is shared by all aggregations of the group. */
  private throughTopic(topic: string, sink: string, source: string): string {
    const { graph, node, key, value, name } = this.origin;
    if (this.source !== undefined && name !== undefined) return this.source;
    const changes = changeSerde(value);
    graph.topology.addInternalTopic({ name: topic });
    graph.addSink<K, Change<V>>(sink, node, topic, { key, value: changes });
    graph.addSource(source, [topic], { key, value: changes });
    this.source = source;
    return source;
  }
}
