import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import { type Change, isNull, type TableOrigin, type TableView } from './change.ts';
import { storeView } from './views.ts';

/** How the values of a group become one. `null` is no aggregate: the row goes, and the next value starts anew. */
export interface Aggregation<K, V, VR> {
  initial(): VR | null;
  add(key: K, value: V, aggregate: VR | null): VR | null;
}

export const counting: Aggregation<unknown, unknown, number> = {
  initial: () => 0,
  add: (_key, _value, count) => (count ?? 0) + 1,
};

/** The first value of a group is its aggregate as it is. */
export const reducing = <K, V>(reducer: (aggregate: V, value: V) => V | null): Aggregation<K, V, V> => ({
  initial: () => null,
  add: (_key, value, aggregate) => (aggregate === null ? value : reducer(aggregate, value)),
});

export const aggregating = <K, V, VR>(
  initializer: () => VR,
  aggregator: (key: K, value: V, aggregate: VR) => VR | null,
): Aggregation<K, V, VR> => ({
  initial: initializer,
  // The initializer of an aggregation may itself give null, and then that is what the aggregator gets.
  add: (key, value, aggregate) => aggregator(key, value, aggregate as VR),
});

/**
 * One aggregate per key. Records with a null key or value are dropped. A result's timestamp is the greatest of the
 * record's and the stored one's; after a null result it starts again from the record's.
 */
export class StreamAggregate<K, V, VR> implements TableOrigin<K, VR> {
  private readonly store: string;
  private readonly aggregation: Aggregation<K, V, VR>;
  private sendsOldValues = false;

  constructor(store: string, aggregation: Aggregation<K, V, VR>) {
    this.store = store;
    this.aggregation = aggregation;
  }

  sendOldValues(): boolean {
    this.sendsOldValues = true;
    return true;
  }

  view(): TableView<K, VR> {
    return storeView(this.store);
  }

  processor(): Processor<K, V, K, Change<VR>> {
    return new StreamAggregateProcessor(this.store, this.aggregation, this.sendsOldValues);
  }
}

class StreamAggregateProcessor<K, V, VR> implements Processor<K, V, K, Change<VR>> {
  private readonly storeName: string;
  private readonly aggregation: Aggregation<K, V, VR>;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<VR>>;
  private store!: TimestampedKeyValueStore<K, VR>;

  constructor(storeName: string, aggregation: Aggregation<K, V, VR>, sendsOldValues: boolean) {
    this.storeName = storeName;
    this.aggregation = aggregation;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<VR>>): void {
    this.context = context;
    this.store = context.store(this.storeName);
  }

  process({ key, value, timestamp, headers }: StreamRecord<K, V>): void {
    if (isNull(key) || isNull(value)) return;
    const row = this.store.get(key);
    const old = row === null ? this.aggregation.initial() : row.value;
    const time = row === null ? timestamp : Math.max(timestamp, row.timestamp);
    const newValue = this.aggregation.add(key, value, old) ?? null;
    this.store.put(key, newValue === null ? null : { value: newValue, timestamp: time });
    // Where there was no row, Kafka's old value is the initial aggregate.
    this.context.forward({
      key,
      value: { newValue, oldValue: this.sendsOldValues ? old : null },
      timestamp: time,
      headers,
    });
  }
}
