import type { Change } from '../operators/change.ts';
import {
  type Aggregation,
  aggregating,
  counting,
  reducing,
  StreamAggregate,
} from '../operators/stream-aggregate.ts';
import { serdes } from '../serdes/primitives.ts';
import { timestampedKeyValueStore } from '../state/key-value-store.ts';
import { requireSerde } from './graph-builder.ts';
import type { StreamOrigin } from './kstream.ts';
import { KTable } from './ktable.ts';
import type { Materialized } from './options.ts';
import { throughRepartition } from './repartition.ts';
import { SessionWindowedKStream } from './session-windowed.ts';
import { TimeWindowedKStream } from './time-windowed.ts';
import type { SessionWindows, TimeWindows } from './windows.ts';

/**
 * Records grouped by key, to be aggregated. Records with a null key or value do not take part; a result's timestamp
 * is the greatest of the record's and the one stored. Every change is sent, none held back by a cache.
 */
export class KGroupedStream<K, V> {
  private readonly origin: StreamOrigin<K, V>;
  private readonly name: string | undefined;
  private repartitioned: StreamOrigin<K, V> | undefined;

  /** `name` is that of the repartition topic, where one is needed. */
  constructor(origin: StreamOrigin<K, V>, name: string | undefined) {
    this.origin = origin;
    this.name = name;
  }

  /** Number of records of each key. */
  count(options: Materialized<K, number> = {}): KTable<K, number> {
    return this.build('KSTREAM-AGGREGATE-', counting, { value: serdes.long(), ...options });
  }

  /** The first value of a key as it is, then what `reducer` makes of the aggregate and each value. Null deletes the
   * row; the next value is a first one again. */
  reduce(reducer: (aggregate: V, value: V) => V | null, options: Materialized<K, V> = {}): KTable<K, V> {
    const { value } = this.origin;
    return this.build('KSTREAM-REDUCE-', reducing(reducer), { value, ...options });
  }

  /** Null deletes the row; the next value starts from `initializer` again. */
  aggregate<VR>(
    initializer: () => VR,
    aggregator: (key: K, value: V, aggregate: VR) => VR | null,
    options: Materialized<K, VR>,
  ): KTable<K, VR> {
    return this.build('KSTREAM-AGGREGATE-', aggregating(initializer, aggregator), options);
  }

  windowedBy(windows: SessionWindows): SessionWindowedKStream<K, V>;
  windowedBy(windows: TimeWindows): TimeWindowedKStream<K, V>;
  windowedBy(
    windows: TimeWindows | SessionWindows,
  ): TimeWindowedKStream<K, V> | SessionWindowedKStream<K, V> {
    return 'gapMs' in windows
      ? new SessionWindowedKStream(this, this.origin, windows)
      : new TimeWindowedKStream(this, this.origin, windows);
  }

  /** Where the grouped records come from, once it is known which store asks: behind a repartition topic, if need be.
   * A topic named by the user is shared by all aggregations of the group. */
  input(store: string): StreamOrigin<K, V> {
    if (!this.origin.rekeyed) return this.origin;
    if (this.repartitioned !== undefined && this.name !== undefined) return this.repartitioned;
    const name = this.name ?? store;
    const source = throughRepartition(this.origin.graph, this.origin.node, {
      name,
      key: requireSerde(name, 'key', this.origin.key),
      value: requireSerde(name, 'value', this.origin.value),
    });
    this.repartitioned = { ...source, rekeyed: false };
    return this.repartitioned;
  }

  private build<VR>(
    prefix: string,
    aggregation: Aggregation<K, V, VR>,
    options: Materialized<K, VR>,
  ): KTable<K, VR> {
    const { graph } = this.origin;
    const store = graph.storeName(prefix, options.store);
    const node = graph.nameOf(prefix, options);
    const input = this.input(store);
    const key = requireSerde(node, 'key', options.key, input.key);
    const value = requireSerde(node, 'value', options.value);
    const { persistent, logging } = options;
    graph.addStore(timestampedKeyValueStore({ name: store, key, value, persistent, logging }));
    const table = new StreamAggregate(store, aggregation);
    graph.addProcessor<K, V, K, Change<VR>>(node, [input.node], () => table.processor(), {
      stores: [store],
      keysAfter: 'same',
    });
    return new KTable({ ...input, node, key, value, table, window: undefined });
  }
}
