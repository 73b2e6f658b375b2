import type { Suppressed } from '../dsl/suppressed.ts';
import type { Processor, ProcessorContext, Register } from '../processor.ts';
import type { Held, SuppressStore } from '../state/suppress-store.ts';
import type { Change, ChangeRecord, TableOrigin, TableView } from './change.ts';

export interface SuppressOptions {
  readonly node: string;
  readonly store: string;
  readonly suppressed: Suppressed;
  /** How long after its time in the buffer a change is sent. */
  readonly waitMs: number;
}

/**
 * Holds a table's changes back. Time is that of the updates that reach this operator; what is due is sent, the
 * earliest first and equal times in order of their keys' bytes, with the timestamp and headers of the last update.
 */
export class TableSuppress<K, V> implements TableOrigin<K, V> {
  private readonly parent: TableOrigin<K, V>;
  private readonly parentView: TableView<K, V>;
  private readonly options: SuppressOptions;
  private readonly timeOf: (key: K, timestamp: number) => number;

  constructor(
    parent: TableOrigin<K, V>,
    options: SuppressOptions,
    timeOf: (key: K, timestamp: number) => number,
  ) {
    this.parent = parent;
    this.options = options;
    this.timeOf = timeOf;
    parent.sendOldValues(true);
    this.parentView = parent.view();
  }

  sendOldValues(forced: boolean): boolean {
    return this.parent.sendOldValues(forced);
  }

  /** While a row is held, it is seen as it was. */
  view(): TableView<K, V> {
    const { store } = this.options;
    const { parentView } = this;
    return {
      stores: [store, ...parentView.stores],
      open(context) {
        const buffer = context.store<SuppressStore<K, V>>(store);
        const readParent = parentView.open(context);
        return (key) => {
          const held = buffer.get(key);
          if (held === null) return readParent(key);
          return held.prior === null ? null : { value: held.prior, timestamp: -1 };
        };
      },
    };
  }

  processor(): Processor<K, Change<V>, K, Change<V>> {
    return new SuppressProcessor(this.options, this.timeOf);
  }
}

class SuppressProcessor<K, V> implements Processor<K, Change<V>, K, Change<V>> {
  private readonly options: SuppressOptions;
  private readonly timeOf: (key: K, timestamp: number) => number;
  private context!: ProcessorContext<K, Change<V>>;
  private buffer!: SuppressStore<K, V>;
  private time!: Register;

  constructor(options: SuppressOptions, timeOf: (key: K, timestamp: number) => number) {
    this.options = options;
    this.timeOf = timeOf;
  }

  init(context: ProcessorContext<K, Change<V>>): void {
    this.context = context;
    this.buffer = context.store(this.options.store);
    this.time = context.register('time');
  }

  process({ key, value, timestamp, headers }: ChangeRecord<K, V>): void {
    if (timestamp > this.time.get()) this.time.set(timestamp);
    const { newValue, oldValue } = value;
    this.buffer.hold(this.timeOf(key, timestamp), key, {
      newValue,
      oldValue,
      prior: oldValue,
      timestamp,
      headers,
    });
    const due = this.time.get() - this.options.waitMs;
    this.buffer.release(
      (time) => time <= due,
      (heldKey, held) => this.emit(heldKey, held),
    );
    if (this.isOverfull()) this.makeRoom();
  }

  private makeRoom(): void {
    const { node, suppressed } = this.options;
    if (suppressed.buffer?.whenFull === 'shut-down') {
      throw new Error(
        `${node}: its buffer is full, ${this.buffer.records} records, ${this.buffer.bytes} bytes`,
      );
    }
    this.buffer.release(
      () => this.isOverfull(),
      (key, held) => this.emit(key, held),
    );
  }

  private isOverfull(): boolean {
    const { maxRecords, maxBytes } = this.options.suppressed.buffer ?? {};
    return (
      this.buffer.records > (maxRecords ?? Number.POSITIVE_INFINITY) ||
      this.buffer.bytes > (maxBytes ?? Number.POSITIVE_INFINITY)
    );
  }

  /** A window that came and went unseen needs no tombstone. */
  private emit(key: K, { newValue, oldValue, timestamp, headers }: Held<V>): void {
    if (newValue === null && this.options.suppressed.until === 'window-closes') return;
    this.context.forward({ key, value: { newValue, oldValue }, timestamp, headers });
  }
}
