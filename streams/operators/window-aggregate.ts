import type { EmitStrategy, TimeWindows } from '../dsl/windows.ts';
import { windowStartsFor } from '../dsl/windows.ts';
import type { Processor, ProcessorContext, Register } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';
import type { ClosingWindowStore, TimestampedWindowStore } from '../state/window-store.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { type Change, isNull, type TableOrigin, type TableView } from './change.ts';
import type { Aggregation } from './stream-aggregate.ts';
import { windowStoreView } from './views.ts';

/**
 * One aggregate per key and window. The operator has its own time: the greatest timestamp it has seen, of all keys.
 * A record updates each window that contains its timestamp, in order of their starts, except those that are over,
 * `end + grace <= time`. Records without a key are dropped and do not move time; null values count as any other.
 */
export class WindowAggregate<K, V, VR> implements TableOrigin<Windowed<K>, VR> {
  private readonly store: string;
  private readonly windows: TimeWindows;
  private readonly aggregation: Aggregation<K, V, VR>;
  private readonly emit: EmitStrategy;
  private sendsOldValues = false;

  constructor(store: string, windows: TimeWindows, aggregation: Aggregation<K, V, VR>, emit: EmitStrategy) {
    this.store = store;
    this.windows = windows;
    this.aggregation = aggregation;
    this.emit = emit;
  }

  sendOldValues(): boolean {
    this.sendsOldValues = true;
    return true;
  }

  view(): TableView<Windowed<K>, VR> {
    return windowStoreView(this.store);
  }

  processor(): Processor<K, V, Windowed<K>, Change<VR>> {
    const { store, windows, aggregation } = this;
    return this.emit === 'on-window-close'
      ? new FinalWindowAggregateProcessor<K, V, VR>(store, windows, aggregation)
      : new WindowAggregateProcessor<K, V, VR>(store, windows, aggregation, this.sendsOldValues);
  }
}

class WindowAggregateProcessor<K, V, VR> implements Processor<K, V, Windowed<K>, Change<VR>> {
  protected readonly windows: TimeWindows;
  protected context!: ProcessorContext<Windowed<K>, Change<VR>>;
  protected time!: Register;
  protected readonly storeName: string;
  private readonly aggregation: Aggregation<K, V, VR>;
  private readonly sendsOldValues: boolean;
  private store!: TimestampedWindowStore<K, VR>;

  constructor(
    storeName: string,
    windows: TimeWindows,
    aggregation: Aggregation<K, V, VR>,
    sendsOldValues: boolean,
  ) {
    this.storeName = storeName;
    this.windows = windows;
    this.aggregation = aggregation;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<Windowed<K>, Change<VR>>): void {
    this.context = context;
    this.store = context.store(this.storeName);
    this.time = context.register('time');
  }

  process(record: StreamRecord<K, V>): void {
    const { key, timestamp } = record;
    if (isNull(key)) return;
    if (timestamp > this.time.get()) this.time.set(timestamp);
    const closed = this.time.get() - (this.windows.graceMs ?? 0);
    for (const start of windowStartsFor(this.windows, timestamp)) {
      if (start + this.windows.sizeMs > closed) this.update(record, start);
    }
  }

  private update({ key, value, timestamp, headers }: StreamRecord<K, V>, start: number): void {
    const row = this.store.fetch(key, start);
    const old = row === null ? this.aggregation.initial() : row.value;
    const time = row === null ? timestamp : Math.max(timestamp, row.timestamp);
    const newValue = this.aggregation.add(key, value, old) ?? null;
    this.store.put(key, newValue === null ? null : { value: newValue, timestamp: time }, start);
    this.forwardUpdate({
      key: windowed(key, start, start + this.windows.sizeMs),
      value: { newValue, oldValue: this.sendsOldValues ? old : null },
      timestamp: time,
      headers,
    });
  }

  protected forwardUpdate(record: StreamRecord<Windowed<K>, Change<VR>>): void {
    this.context.forward(record);
  }
}

/**
 * Sends each window once, when it is over, in order of start, then key. Unlike Kafka 4.1's, it also sends windows
 * that time has left behind retention in one leap.
 */
class FinalWindowAggregateProcessor<K, V, VR> extends WindowAggregateProcessor<K, V, VR> {
  private closing!: ClosingWindowStore<K, ValueAndTimestamp<VR>>;
  /** All windows that end at this time or earlier have been sent. */
  private sentUntil!: Register;

  constructor(storeName: string, windows: TimeWindows, aggregation: Aggregation<K, V, VR>) {
    super(storeName, windows, aggregation, false);
  }

  override init(context: ProcessorContext<Windowed<K>, Change<VR>>): void {
    super.init(context);
    this.closing = context.store(this.storeName);
    this.sentUntil = context.register('sent-until');
  }

  override process(record: StreamRecord<K, V>): void {
    if (isNull(record.key)) return;
    super.process(record);
    const { sizeMs, graceMs = 0 } = this.windows;
    const closed = this.time.get() - graceMs;
    const sent = this.sentUntil.get();
    if (closed <= sent || closed < sizeMs) return;
    this.sentUntil.set(closed);
    const from = sent < sizeMs ? 0 : sent - sizeMs + 1;
    this.closing.walk(from, closed - sizeMs, (key, { value, timestamp }) => {
      this.context.forward({
        key,
        value: { newValue: value, oldValue: null },
        timestamp,
        headers: record.headers,
      });
    });
  }

  protected override forwardUpdate(): void {
    // Only the last one of each window is sent.
  }
}
