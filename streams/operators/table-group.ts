import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { Serde } from '../serdes/serde.ts';
import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import { type Change, type ChangeRecord, isNull, type TableOrigin, type TableView } from './change.ts';
import { Forwarding } from './stateless.ts';
import { storeView } from './views.ts';

/**
 * Sends a changed row to its group: out of the old group first, then into the new one; where both are the same, as
 * one change. A row whose group or value is null belongs to none.
 */
export class TableRegroup<K, V, KR, VR> extends Forwarding<K, Change<V>, KR, Change<VR>> {
  private readonly selector: (key: K, value: V) => readonly [KR, VR];
  private readonly isSameKey: (a: KR, b: KR) => boolean;

  constructor(selector: (key: K, value: V) => readonly [KR, VR], isSameKey: (a: KR, b: KR) => boolean) {
    super();
    this.selector = selector;
    this.isSameKey = isSameKey;
  }

  override process({ key, value: change, timestamp, headers }: ChangeRecord<K, V>): void {
    const from = this.grouped(key, change.oldValue);
    const to = this.grouped(key, change.newValue);
    const send = (group: KR, newValue: VR | null, oldValue: VR | null): void =>
      this.context.forward({ key: group, value: { newValue, oldValue }, timestamp, headers });
    if (from !== null && to !== null && this.isSameKey(from[0], to[0])) {
      send(from[0], to[1], from[1]);
      return;
    }
    if (from !== null) send(from[0], null, from[1]);
    if (to !== null) send(to[0], to[1], null);
  }

  private grouped(key: K, value: V | null): readonly [KR, VR] | null {
    if (isNull(value)) return null;
    const pair = this.selector(key, value);
    return isNull(pair) || isNull(pair[0]) || isNull(pair[1]) ? null : pair;
  }
}

/** How rows enter and leave a group's aggregate. `null` is no aggregate. */
export interface TableAggregation<K, V, VR> {
  add(key: K, value: V, aggregate: VR | null): VR | null;
  /** Only called where there is an aggregate. */
  subtract(key: K, value: V, aggregate: VR): VR | null;
}

/**
 * One aggregate per group of a table's rows. For each change the old row is subtracted, then the new one added, with
 * one result. A result's timestamp is the greatest of the change's and the stored one's.
 */
export class TableAggregate<K, V, VR> implements TableOrigin<K, VR> {
  private readonly store: string;
  private readonly aggregation: TableAggregation<K, V, VR>;
  private sendsOldValues = false;

  constructor(store: string, aggregation: TableAggregation<K, V, VR>) {
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

  processor(): Processor<K, Change<V>, K, Change<VR>> {
    return new TableAggregateProcessor(this.store, this.aggregation, this.sendsOldValues);
  }
}

class TableAggregateProcessor<K, V, VR> implements Processor<K, Change<V>, K, Change<VR>> {
  private readonly storeName: string;
  private readonly aggregation: TableAggregation<K, V, VR>;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<VR>>;
  private store!: TimestampedKeyValueStore<K, VR>;

  constructor(storeName: string, aggregation: TableAggregation<K, V, VR>, sendsOldValues: boolean) {
    this.storeName = storeName;
    this.aggregation = aggregation;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<VR>>): void {
    this.context = context;
    this.store = context.store(this.storeName);
  }

  process({ key, value: change, timestamp, headers }: StreamRecord<K, Change<V>>): void {
    const row = this.store.get(key);
    const old = row === null ? null : row.value;
    let aggregate = old;
    if (!isNull(change.oldValue) && aggregate !== null) {
      aggregate = this.aggregation.subtract(key, change.oldValue, aggregate) ?? null;
    }
    if (!isNull(change.newValue)) {
      aggregate = this.aggregation.add(key, change.newValue, aggregate) ?? null;
    }
    const touched = !isNull(change.newValue) || !isNull(change.oldValue);
    const time = row !== null && touched ? Math.max(timestamp, row.timestamp) : timestamp;
    this.store.put(key, aggregate === null ? null : { value: aggregate, timestamp: time });
    this.context.forward({
      key,
      value: { newValue: aggregate, oldValue: this.sendsOldValues ? old : null },
      timestamp: time,
      headers,
    });
  }
}

/** A change on its way through a repartition topic: what is there (1 new, 2 old), the length of the new value, both. */
export const changeSerde = <V>(serde: Serde<V>): Serde<Change<V>> => ({
  serialize({ newValue, oldValue }) {
    const newBytes = isNull(newValue) ? undefined : serde.serialize(newValue);
    const oldBytes = isNull(oldValue) ? undefined : serde.serialize(oldValue);
    const head = Buffer.allocUnsafe(5);
    head.writeUInt8((newBytes === undefined ? 0 : 1) | (oldBytes === undefined ? 0 : 2), 0);
    head.writeUInt32BE(newBytes?.length ?? 0, 1);
    return Buffer.concat([head, newBytes ?? NOTHING, oldBytes ?? NOTHING]);
  },
  deserialize(bytes) {
    const has = bytes.readUInt8(0);
    const oldStart = 5 + bytes.readUInt32BE(1);
    return {
      newValue: (has & 1) === 0 ? null : serde.deserialize(bytes.subarray(5, oldStart)),
      oldValue: (has & 2) === 0 ? null : serde.deserialize(bytes.subarray(oldStart)),
    };
  },
});

const NOTHING = Buffer.alloc(0);
