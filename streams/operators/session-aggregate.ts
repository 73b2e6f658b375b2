import type { EmitStrategy, SessionWindows } from '../dsl/windows.ts';
import { NO_HEADERS } from '../log/log.ts';
import type { Processor, ProcessorContext, Register } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { ClosingSessionStore, SessionStore } from '../state/session-store.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { type Change, isNull, type TableOrigin, type TableView } from './change.ts';
import type { Aggregation } from './stream-aggregate.ts';
import { sessionStoreView } from './views.ts';

/** Also how two sessions become one; called with the initial aggregate first. */
export interface SessionAggregation<K, V, VR> extends Aggregation<K, V, VR> {
  merge(key: K, one: VR | null, other: VR): VR | null;
}

/**
 * One aggregate per key and session. A record joins all sessions that lie within the gap of it into one. What the
 * merged session replaces is sent as a tombstone first, even where its bounds stay the same; only a lone session of
 * exactly the record's time is simply updated. A result's timestamp is its session's end; results have no headers.
 *
 * The operator has its own time. A record is late, and dropped, if its merged session ended more than
 * `gap + grace` before it. Records without a key are dropped and do not move time.
 */
export class SessionAggregate<K, V, VR> implements TableOrigin<Windowed<K>, VR> {
  private readonly store: string;
  private readonly windows: SessionWindows;
  private readonly aggregation: SessionAggregation<K, V, VR>;
  private readonly emit: EmitStrategy;
  private sendsOldValues = false;

  constructor(
    store: string,
    windows: SessionWindows,
    aggregation: SessionAggregation<K, V, VR>,
    emit: EmitStrategy,
  ) {
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
    return sessionStoreView(this.store);
  }

  processor(): Processor<K, V, Windowed<K>, Change<VR>> {
    const { store, windows, aggregation } = this;
    return this.emit === 'on-window-close'
      ? new FinalSessionAggregateProcessor<K, V, VR>(store, windows, aggregation, false)
      : new SessionAggregateProcessor<K, V, VR>(store, windows, aggregation, this.sendsOldValues);
  }
}

class SessionAggregateProcessor<K, V, VR> implements Processor<K, V, Windowed<K>, Change<VR>> {
  protected readonly windows: SessionWindows;
  protected readonly storeName: string;
  protected context!: ProcessorContext<Windowed<K>, Change<VR>>;
  protected time!: Register;
  private readonly aggregation: SessionAggregation<K, V, VR>;
  private readonly sendsOldValues: boolean;
  private store!: SessionStore<K, VR>;

  constructor(
    storeName: string,
    windows: SessionWindows,
    aggregation: SessionAggregation<K, V, VR>,
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

  /** Sessions that end before this time take no more records. */
  protected get closedBefore(): number {
    return this.time.get() - (this.windows.graceMs ?? 0) - this.windows.gapMs;
  }

  process({ key, value, timestamp }: StreamRecord<K, V>): void {
    if (isNull(key)) return;
    const { gapMs } = this.windows;
    if (timestamp > this.time.get()) this.time.set(timestamp);
    const found = this.store.findSessions(key, timestamp - gapMs, timestamp + gapMs);
    let [start, end] = [timestamp, timestamp];
    let aggregate = this.aggregation.initial();
    for (const [{ window }, other] of found) {
      aggregate = this.aggregation.merge(key, aggregate, other);
      start = Math.min(start, window.start);
      end = Math.max(end, window.end);
    }
    if (end < this.closedBefore) return;
    if (start !== timestamp || end !== timestamp) {
      for (const [session, replaced] of found) {
        this.store.remove(session);
        this.forwardUpdate(session, null, replaced);
      }
    }
    const session = windowed(key, start, end);
    const result = this.aggregation.add(key, value, aggregate) ?? null;
    if (result === null) this.store.remove(session);
    else this.store.put(session, result);
    this.forwardUpdate(session, result, null);
  }

  protected forwardUpdate(key: Windowed<K>, newValue: VR | null, oldValue: VR | null): void {
    this.context.forward({
      key,
      value: { newValue, oldValue: this.sendsOldValues ? oldValue : null },
      timestamp: key.window.end,
      headers: NO_HEADERS,
    });
  }
}

/** Sends each session once, when it takes no more records, in order of end, start and key. */
class FinalSessionAggregateProcessor<K, V, VR> extends SessionAggregateProcessor<K, V, VR> {
  private closing!: ClosingSessionStore<K, VR>;

  override init(context: ProcessorContext<Windowed<K>, Change<VR>>): void {
    super.init(context);
    this.closing = context.store(this.storeName);
  }

  override process(record: StreamRecord<K, V>): void {
    if (isNull(record.key)) return;
    super.process(record);
    this.closing.closeUntil(this.closedBefore - 1, (key, value) => {
      this.context.forward({
        key,
        value: { newValue: value, oldValue: null },
        timestamp: key.window.end,
        headers: record.headers,
      });
    });
  }

  protected override forwardUpdate(): void {
    // Only the last one of each session is sent.
  }
}
