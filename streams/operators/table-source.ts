import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import { type Change, isNull, type TableOrigin, type TableView } from './change.ts';
import { storeView } from './views.ts';

/**
 * A topic, or a stream, read as a table: the last record of a key, in order of processing, is its row, whatever its
 * timestamp; a null value deletes it. Records without a key are dropped. Keeps a store only if somebody reads it.
 */
export class TableSource<K, V> implements TableOrigin<K, V> {
  private readonly store: string;
  private readonly addStore: () => void;
  private isMaterialized = false;
  private sendsOldValues = false;

  /** `addStore` is called once, if and when the store is needed. */
  constructor(store: string, addStore: () => void) {
    this.store = store;
    this.addStore = addStore;
  }

  materialize(): void {
    if (this.isMaterialized) return;
    this.isMaterialized = true;
    this.addStore();
  }

  sendOldValues(forced: boolean): boolean {
    if (!forced && !this.isMaterialized) return false;
    this.materialize();
    this.sendsOldValues = true;
    return true;
  }

  view(): TableView<K, V> {
    this.materialize();
    return storeView(this.store);
  }

  processor(): Processor<K, V, K, Change<V>> {
    return new TableSourceProcessor(this.isMaterialized ? this.store : undefined, this.sendsOldValues);
  }
}

class TableSourceProcessor<K, V> implements Processor<K, V, K, Change<V>> {
  private readonly storeName: string | undefined;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<V>>;
  private store: TimestampedKeyValueStore<K, V> | undefined;

  constructor(storeName: string | undefined, sendsOldValues: boolean) {
    this.storeName = storeName;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<V>>): void {
    this.context = context;
    if (this.storeName !== undefined) this.store = context.store(this.storeName);
  }

  process({ key, value, timestamp, headers }: StreamRecord<K, V>): void {
    if (isNull(key)) return;
    const newValue = value ?? null;
    const oldValue = this.sendsOldValues ? (this.store?.get(key)?.value ?? null) : null;
    this.store?.put(key, newValue === null ? null : { value: newValue, timestamp });
    this.context.forward({ key, value: { newValue, oldValue }, timestamp, headers });
  }
}
