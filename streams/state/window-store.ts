import type { Register } from '../processor.ts';
import type { Serde } from '../serdes/serde.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { MAX_TIME, queueKey, readTime } from './key-layout.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { Codec } from './state-reader.ts';
import {
  MIN_SWEEP_STEP_MS,
  type StoreBuilder,
  type StoreContext,
  type StoreOptions,
  storeBasics,
} from './store.ts';
import { type ValueAndTimestamp, valueAndTimestampCodec, valueCodec } from './value-and-timestamp.ts';
import { KEY_ORDER, TIME_ORDER, type WindowLayout } from './window-layout.ts';
import { queryWindowStore } from './window-query.ts';

/**
 * Values by key and window start. What is older than `retentionMs`, against the latest start ever put, is not seen
 * any more, and is deleted after a while.
 */
export interface WindowStore<K, V> {
  readonly name: string;
  readonly retentionMs: number;
  /** `null` deletes. Ignored if the window is too old already. */
  put(key: K, value: V | null, start: number): void;
  fetch(key: K, start: number): V | null;
  /** Of one key, `from <= start <= to`, in order of start, duplicates in order of arrival. */
  fetchRange(key: K, from: number, to: number): [start: number, value: V][];
  /** Of all keys. The whole store is read. */
  fetchAll(from: number, to: number): [Windowed<K>, V][];
  all(): [Windowed<K>, V][];
}

export interface WindowStoreOptions<K, V> extends StoreOptions {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly windowSizeMs: number;
  readonly retentionMs: number;
  /** Keeps every value put under one key and start, instead of the last. */
  readonly retainDuplicates?: boolean | undefined;
  /** Starts of the windows that a record of some time is going to `fetch`, so that these alone are read in advance;
   * left out: all windows of its key. */
  readonly startsOf?: ((timestamp: number) => readonly number[]) | undefined;
}

/** `Stores.windowStoreBuilder` of Kafka Streams. */
export const windowStore = <K, V>(options: WindowStoreOptions<K, V>): StoreBuilder<WindowStore<K, V>> =>
  windowStoreOf(options, valueCodec(options.value));

export type TimestampedWindowStore<K, V> = WindowStore<K, ValueAndTimestamp<V>>;

/** `Stores.timestampedWindowStoreBuilder` of Kafka Streams. */
export const timestampedWindowStore = <K, V>(
  options: WindowStoreOptions<K, V>,
): StoreBuilder<TimestampedWindowStore<K, V>> =>
  windowStoreOf(options, valueAndTimestampCodec(options.value));

function windowStoreOf<K, S>(
  options: Omit<WindowStoreOptions<K, unknown>, 'value'>,
  codec: Codec<S>,
): StoreBuilder<WindowStore<K, S>> {
  return {
    ...storeBasics(options),
    prefetch(key, timestamp, request) {
      const bytes = options.key.serialize(key as K);
      if (options.startsOf === undefined) request.group(bytes);
      else for (const start of options.startsOf(timestamp)) request.key(KEY_ORDER.keyOf(bytes, start, 0));
    },
    build: (context) => new BufferedWindowStore(options, codec, context, KEY_ORDER),
    query: { kind: 'window', over: (readers) => queryWindowStore(options, codec, KEY_ORDER, readers) },
  };
}

export interface ClosingWindowStore<K, V> extends WindowStore<K, V> {
  /** Windows with `from <= start <= to`, too old ones as well, in order of start, then key. */
  walk(from: number, to: number, visit: (key: Windowed<K>, value: V) => void): void;
}

/** A window store laid out by time, so that the windows that close are found without looking at the others. Reading
 * the windows of one key costs more instead. */
export function closingWindowStore<K, V>(
  options: WindowStoreOptions<K, V>,
): StoreBuilder<ClosingWindowStore<K, ValueAndTimestamp<V>>> {
  const codec = valueAndTimestampCodec(options.value);
  return {
    ...storeBasics(options),
    prefetch: (_key, _timestamp, request) => request.group(Buffer.alloc(0)),
    build: (context) => new TimeOrderedWindowStore(options, codec, context),
    query: { kind: 'window', over: (readers) => queryWindowStore(options, codec, TIME_ORDER, readers) },
  };
}

class BufferedWindowStore<K, V> implements WindowStore<K, V> {
  readonly name: string;
  readonly retentionMs: number;
  protected readonly key: Serde<K>;
  protected readonly buffer: StateBuffer<V>;
  private readonly layout: WindowLayout;
  private readonly windowSizeMs: number;
  private readonly retainDuplicates: boolean;
  private readonly latest: Register;
  private readonly sequence: Register;

  constructor(
    options: Omit<WindowStoreOptions<K, unknown>, 'value'>,
    codec: Codec<V>,
    context: StoreContext,
    layout: WindowLayout,
  ) {
    this.name = options.name;
    this.key = options.key;
    this.retentionMs = options.retentionMs;
    this.windowSizeMs = options.windowSizeMs;
    this.retainDuplicates = options.retainDuplicates ?? false;
    this.layout = layout;
    this.latest = context.register('latest');
    this.sequence = context.register('sequence', 0);
    this.buffer = context.buffer({ codec, groupSuffix: layout.groupSuffix });
    context.expire({
      buffer: this.buffer as StateBuffer<unknown>,
      time: this.latest,
      step: Math.max(this.retentionMs / 2, MIN_SWEEP_STEP_MS),
      isExpired: (key) => this.isHidden(layout.startOf(key)),
    });
  }

  put(key: K, value: V | null, start: number): void {
    // Deleting one of several values under the same key and start would need to say which.
    if (value === null && this.retainDuplicates) return;
    if (start > this.latest.get()) this.latest.set(start);
    else if (this.isHidden(start)) return;
    let sequence = 0;
    if (this.retainDuplicates) {
      sequence = (this.sequence.get() + 1) % 0x7fffffff;
      this.sequence.set(sequence);
    }
    this.buffer.put(this.layout.keyOf(this.key.serialize(key), start, sequence), value);
  }

  fetch(key: K, start: number): V | null {
    return this.isHidden(start)
      ? null
      : this.buffer.get(this.layout.keyOf(this.key.serialize(key), start, 0));
  }

  fetchRange(key: K, from: number, to: number): [start: number, value: V][] {
    const first = this.firstSeen(from);
    if (first > to) return [];
    const prefix = this.key.serialize(key);
    const { gte, lt } = KEY_ORDER.rangeOf(prefix, first, to);
    const found = this.buffer.groups?.range(prefix, gte, lt) ?? [];
    return found.map(([bytes, value]) => [KEY_ORDER.startOf(bytes), value]);
  }

  fetchAll(from: number, to: number): [Windowed<K>, V][] {
    const found: [Windowed<K>, V][] = [];
    for (const [bytes, value] of this.buffer.range({})) {
      const start = this.layout.startOf(bytes);
      if (start < from || start > to || this.isHidden(start)) continue;
      found.push([this.windowedKey(bytes, start), value]);
    }
    return found;
  }

  all(): [Windowed<K>, V][] {
    return this.fetchAll(0, MAX_TIME);
  }

  protected isHidden(start: number): boolean {
    return start <= this.latest.get() - this.retentionMs;
  }

  protected firstSeen(from: number): number {
    return Math.max(from, this.latest.get() - this.retentionMs + 1, 0);
  }

  protected windowedKey(bytes: Buffer, start: number): Windowed<K> {
    return windowed(this.key.deserialize(this.layout.recordKeyOf(bytes)), start, start + this.windowSizeMs);
  }
}

class TimeOrderedWindowStore<K, V> extends BufferedWindowStore<K, V> implements ClosingWindowStore<K, V> {
  constructor(
    options: Omit<WindowStoreOptions<K, unknown>, 'value'>,
    codec: Codec<V>,
    context: StoreContext,
  ) {
    super(options, codec, context, TIME_ORDER);
  }

  override fetchRange(key: K, from: number, to: number): [start: number, value: V][] {
    const first = this.firstSeen(from);
    if (first > to) return [];
    const own = this.key.serialize(key);
    return this.buffer
      .range(TIME_ORDER.rangeOf(own, first, to))
      .filter(([bytes]) => TIME_ORDER.recordKeyOf(bytes).equals(own))
      .map(([bytes, value]) => [readTime(bytes, 0), value]);
  }

  walk(from: number, to: number, visit: (key: Windowed<K>, value: V) => void): void {
    this.buffer.groups?.walk(
      (bytes, value) => {
        const start = readTime(bytes, 0);
        if (start > to) return false;
        visit(this.windowedKey(bytes, start), value);
        return true;
      },
      queueKey(from, Buffer.alloc(0)),
    );
  }
}
