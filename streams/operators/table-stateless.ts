import type { Processor, ProcessorContext } from '../processor.ts';
import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import { type Change, type ChangeRecord, isNull, type TableOrigin, type TableView } from './change.ts';
import { derivedView, storeView } from './views.ts';

/** What a row becomes; null where it becomes none. */
export type RowMapper<K, V, VR> = (key: K, value: V) => VR | null;

/**
 * A table computed from another one row by row: `filter` and `mapValues`. Keeps a store only if given one; else a row
 * is computed when it is asked for. With `dropsVoid`, a change from no row to no row is not sent, as far as the old
 * row is known.
 */
export class TableStateless<K, V, VR> implements TableOrigin<K, VR> {
  private readonly parent: TableOrigin<K, V>;
  private readonly mapper: RowMapper<K, V, VR>;
  private readonly store: string | undefined;
  private readonly dropsVoid: boolean;
  private sendsOldValues: boolean;

  constructor(
    parent: TableOrigin<K, V>,
    mapper: RowMapper<K, V, VR>,
    options: { readonly store: string | undefined; readonly dropsVoid: boolean },
  ) {
    this.parent = parent;
    this.mapper = mapper;
    this.store = options.store;
    this.dropsVoid = options.dropsVoid;
    // To leave out needless tombstones, where the parent can tell the old value at no cost.
    this.sendsOldValues = options.dropsVoid && parent.sendOldValues(false);
  }

  sendOldValues(forced: boolean): boolean {
    if (this.store !== undefined || this.parent.sendOldValues(forced)) this.sendsOldValues = true;
    return this.sendsOldValues;
  }

  view(): TableView<K, VR> {
    return this.store === undefined ? derivedView(this.parent.view(), this.mapper) : storeView(this.store);
  }

  processor(): Processor<K, Change<V>, K, Change<VR>> {
    return new TableStatelessProcessor(this.mapper, this.store, this.dropsVoid, this.sendsOldValues);
  }
}

class TableStatelessProcessor<K, V, VR> implements Processor<K, Change<V>, K, Change<VR>> {
  private readonly mapper: RowMapper<K, V, VR>;
  private readonly storeName: string | undefined;
  private readonly dropsVoid: boolean;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<VR>>;
  private store: TimestampedKeyValueStore<K, VR> | undefined;

  constructor(
    mapper: RowMapper<K, V, VR>,
    storeName: string | undefined,
    dropsVoid: boolean,
    sendsOldValues: boolean,
  ) {
    this.mapper = mapper;
    this.storeName = storeName;
    this.dropsVoid = dropsVoid;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<VR>>): void {
    this.context = context;
    if (this.storeName !== undefined) this.store = context.store(this.storeName);
  }

  process({ key, value: change, timestamp, headers }: ChangeRecord<K, V>): void {
    const newValue = this.compute(key, change.newValue);
    const oldValue = this.oldValueOf(key, change);
    if (this.dropsVoid && this.sendsOldValues && newValue === null && oldValue === null) return;
    this.store?.put(key, newValue === null ? null : { value: newValue, timestamp });
    this.context.forward({ key, value: { newValue, oldValue }, timestamp, headers });
  }

  private oldValueOf(key: K, change: Change<V>): VR | null {
    if (!this.sendsOldValues) return null;
    return this.store === undefined
      ? this.compute(key, change.oldValue)
      : (this.store.get(key)?.value ?? null);
  }

  private compute(key: K, value: V | null): VR | null {
    return isNull(value) ? null : (this.mapper(key, value) ?? null);
  }
}
