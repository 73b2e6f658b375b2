import { TopologyError } from '../errors.ts';
import type { Change, TableOrigin } from '../operators/change.ts';
import { mapValues } from '../operators/stateless.ts';
import { TableSuppress } from '../operators/suppress.ts';
import { type JoinKind, TableJoin, type TableJoiner } from '../operators/table-join.ts';
import { type RowMapper, TableStateless } from '../operators/table-stateless.ts';
import { timestampedKeyValueStore } from '../state/key-value-store.ts';
import { suppressStore } from '../state/suppress-store.ts';
import { type Origin, requireSerde } from './graph-builder.ts';
import { type KGroupedTable, regroup } from './kgrouped-table.ts';
import { KStream } from './kstream.ts';
import type { Grouped, Materialized, Named } from './options.ts';
import { checkSuppressed, type Suppressed } from './suppressed.ts';

export interface TableNode<K, V> extends Origin<K, V> {
  readonly table: TableOrigin<K, V>;
  /** Of a windowed table: when a window takes no more records. */
  readonly window: { readonly closesAfterMs: number; readonly endOf: (key: K) => number } | undefined;
}

/**
 * A table: of each key only the last value counts, null deletes it. What is sent on are changes, each with the row as
 * it is now and, where someone needs it, as it was.
 *
 * A table keeps a store where it is given one (`store`) or where an operator after it has to read it.
 */
export class KTable<K, V> {
  /** For the library itself. */
  readonly origin: TableNode<K, V>;

  constructor(origin: TableNode<K, V>) {
    this.origin = origin;
  }

  /** The rows for which `predicate` holds. A row that no longer passes is sent as a tombstone; so is one that never
   * passed, unless the table it comes from has a store. */
  filter(predicate: (key: K, value: V) => boolean, options: Materialized<K, V> = {}): KTable<K, V> {
    const mapper = (key: K, value: V): V | null => (predicate(key, value) ? value : null);
    return this.computed('KTABLE-FILTER-', mapper, true, { value: this.origin.value, ...options });
  }

  /** The rows for which `predicate` does not hold; see `filter`. */
  filterNot(predicate: (key: K, value: V) => boolean, options: Materialized<K, V> = {}): KTable<K, V> {
    return this.filter((key, value) => !predicate(key, value), options);
  }

  /** Each row changed; tombstones stay tombstones without calling `mapper`. */
  mapValues<VR>(mapper: (value: V, key: K) => VR, options: Materialized<K, VR> = {}): KTable<K, VR> {
    return this.computed('KTABLE-MAPVALUES-', (key: K, value: V) => mapper(value, key), false, options);
  }

  /** The changes as records, tombstones as null values. */
  toStream(named?: Named): KStream<K, V> {
    const { graph, node, sources, key, value } = this.origin;
    const name = graph.nameOf('KTABLE-TOSTREAM-', named);
    // Values of a stream may be null wherever its type does not say otherwise, see `KStream`.
    const newValue = mapValues<K, Change<V>, V>((change) => change.newValue as V);
    graph.addProcessor(name, [node], newValue, { keysAfter: 'same' });
    return new KStream({ graph, node: name, sources, key, value, rekeyed: false });
  }

  /** Groups rows by a new key, with a new value; always repartitions. A row whose group or value is null belongs to
   * no group. */
  groupBy<KR, VR>(
    selector: (key: K, value: V) => readonly [KR, VR],
    grouped: Grouped<KR, VR>,
  ): KGroupedTable<KR, VR> {
    return regroup(this.origin, selector, grouped);
  }

  /** Rows of both tables with the same key, see `TableJoin`. */
  join<VO, VR>(
    other: KTable<K, VO>,
    joiner: (left: V, right: VO) => VR | null,
    options?: Materialized<K, VR>,
  ): KTable<K, VR> {
    return this.joined(other, (left, right) => joiner(left as V, right as VO), 'inner', options);
  }

  /** All rows of this table, with the other's of the same key or null. */
  leftJoin<VO, VR>(
    other: KTable<K, VO>,
    joiner: (left: V, right: VO | null) => VR | null,
    options?: Materialized<K, VR>,
  ): KTable<K, VR> {
    return this.joined(other, (left, right) => joiner(left as V, right), 'left', options);
  }

  /** All rows of both tables, with null for what is missing. */
  outerJoin<VO, VR>(
    other: KTable<K, VO>,
    joiner: (left: V | null, right: VO | null) => VR | null,
    options?: Materialized<K, VR>,
  ): KTable<K, VR> {
    return this.joined(other, joiner, 'outer', options);
  }

  /** Holds changes back, see `Suppressed`. */
  suppress(suppressed: Suppressed): KTable<K, V> {
    const { graph, node, table, window } = this.origin;
    const name = graph.nameOf('KTABLE-SUPPRESS-', suppressed);
    const store =
      suppressed.name === undefined ? graph.storeName('KTABLE-SUPPRESS-', undefined) : `${name}-store`;
    const untilClosed = suppressed.until === 'window-closes';
    if (untilClosed && window === undefined) {
      throw new TopologyError(name, 'waits for windows to close, but its table has none');
    }
    checkSuppressed(name, suppressed);
    const endOf = untilClosed ? window?.endOf : undefined;
    graph.addStore(
      suppressStore({
        name: store,
        key: requireSerde(name, 'key', this.origin.key),
        value: requireSerde(name, 'value', this.origin.value),
        timeOf: endOf,
        countBytes: suppressed.buffer?.maxBytes !== undefined,
      }),
    );
    const waitMs = suppressed.until === 'window-closes' ? (window?.closesAfterMs ?? 0) : suppressed.ms;
    const suppressing = new TableSuppress<K, V>(
      table,
      { node: name, store, suppressed, waitMs },
      (key, timestamp) => endOf?.(key) ?? timestamp,
    );
    graph.addProcessor(name, [node], () => suppressing.processor(), { stores: [store] });
    return new KTable({ ...this.origin, node: name, table: suppressing });
  }

  private computed<VR>(
    prefix: string,
    mapper: RowMapper<K, V, VR>,
    dropsVoid: boolean,
    options: Materialized<K, VR>,
  ): KTable<K, VR> {
    const { graph, node, table } = this.origin;
    const name = graph.nameOf(prefix, options);
    const { store, value } = options;
    const key = options.key ?? this.origin.key;
    if (store !== undefined) this.addStore(name, store, options);
    const computed = new TableStateless(table, mapper, { store, dropsVoid });
    graph.addProcessor<K, Change<V>, K, Change<VR>>(name, [node], () => computed.processor(), {
      stores: store === undefined ? [] : [store],
      keysAfter: 'same',
    });
    return new KTable({ ...this.origin, node: name, key, value, table: computed });
  }

  private joined<VO, VR>(
    other: KTable<K, VO>,
    joiner: TableJoiner<V, VO, VR>,
    kind: JoinKind,
    options: Materialized<K, VR> = {},
  ): KTable<K, VR> {
    const { graph, node } = this.origin;
    const merge = graph.nameOf('KTABLE-MERGE-', options);
    const sources = graph.copartition(merge, this.origin, other.origin);
    const { store, value } = options;
    const join = new TableJoin(this.origin.table, other.origin.table, joiner, kind, store);
    const named = (suffix: string, prefix: string): string =>
      options.name === undefined ? graph.newName(prefix) : `${options.name}${suffix}`;
    const thisSide = named('-join-this', 'KTABLE-JOINTHIS-');
    const otherSide = named('-join-other', 'KTABLE-JOINOTHER-');
    const stores = store === undefined ? [] : [store];
    if (store !== undefined) this.addStore(merge, store, options);
    graph.addProcessor<K, Change<V>, K, Change<VR>>(thisSide, [node], () => join.leftProcessor(), {
      stores: join.rightView.stores,
      keysAfter: 'same',
    });
    graph.addProcessor<K, Change<VO>, K, Change<VR>>(
      otherSide,
      [other.origin.node],
      () => join.rightProcessor(),
      { stores: join.leftView.stores, keysAfter: 'same' },
    );
    graph.addProcessor<K, Change<VR>, K, Change<VR>>(
      merge,
      [thisSide, otherSide],
      () => join.mergeProcessor(),
      { stores, keysAfter: 'same' },
    );
    const key = options.key ?? this.origin.key;
    return new KTable({ ...this.origin, node: merge, sources, key, value, table: join });
  }

  private addStore<VR>(node: string, store: string, options: Materialized<K, VR>): void {
    this.origin.graph.addStore(
      timestampedKeyValueStore({
        name: store,
        key: requireSerde(node, 'key', options.key, this.origin.key),
        value: requireSerde(node, 'value', options.value),
        persistent: options.persistent,
        logging: options.logging,
      }),
    );
  }
}
