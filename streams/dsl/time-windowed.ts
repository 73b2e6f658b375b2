import { TopologyError } from '../errors.ts';
import type { Change } from '../operators/change.ts';
import { type Aggregation, aggregating, counting, reducing } from '../operators/stream-aggregate.ts';
import { WindowAggregate } from '../operators/window-aggregate.ts';
import { serdes } from '../serdes/primitives.ts';
import { windowKey } from '../state/key-layout.ts';
import { closingWindowStore, timestampedWindowStore } from '../state/window-store.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { requireSerde } from './graph-builder.ts';
import type { KGroupedStream } from './kgrouped-stream.ts';
import type { StreamOrigin } from './kstream.ts';
import { KTable } from './ktable.ts';
import type { WindowMaterialized } from './options.ts';
import { timeWindowedSerde } from './windowed-serdes.ts';
import { checkTimeWindows, type EmitStrategy, type TimeWindows, windowStartsFor } from './windows.ts';

/**
 * Grouped records, each in the windows that contain its timestamp. Records without a key do not take part; null values
 * do. A record is late for a window, and does not change it, once `end + grace` is reached by the greatest timestamp
 * of all keys here.
 */
export class TimeWindowedKStream<K, V> {
  private readonly grouped: KGroupedStream<K, V>;
  private readonly origin: StreamOrigin<K, V>;
  private readonly windows: TimeWindows;
  private readonly emit: EmitStrategy;

  constructor(
    grouped: KGroupedStream<K, V>,
    origin: StreamOrigin<K, V>,
    windows: TimeWindows,
    emit: EmitStrategy = 'on-window-update',
  ) {
    this.grouped = grouped;
    this.origin = origin;
    this.windows = windows;
    this.emit = emit;
  }

  /** Sends every change of a window (default), or each window once, when its grace is over. */
  emitStrategy(emit: EmitStrategy): TimeWindowedKStream<K, V> {
    return new TimeWindowedKStream(this.grouped, this.origin, this.windows, emit);
  }

  count(options: WindowMaterialized<K, number> = {}): KTable<Windowed<K>, number> {
    return this.build('KSTREAM-AGGREGATE-', counting, { value: serdes.long(), ...options });
  }

  reduce(
    reducer: (aggregate: V, value: V) => V | null,
    options: WindowMaterialized<K, V> = {},
  ): KTable<Windowed<K>, V> {
    const { value } = this.origin;
    return this.build('KSTREAM-REDUCE-', reducing(reducer), { value, ...options });
  }

  aggregate<VR>(
    initializer: () => VR,
    aggregator: (key: K, value: V, aggregate: VR) => VR | null,
    options: WindowMaterialized<K, VR>,
  ): KTable<Windowed<K>, VR> {
    return this.build('KSTREAM-AGGREGATE-', aggregating(initializer, aggregator), options);
  }

  private build<VR>(
    prefix: string,
    aggregation: Aggregation<K, V, VR>,
    options: WindowMaterialized<K, VR>,
  ): KTable<Windowed<K>, VR> {
    const { graph } = this.origin;
    const { windows, emit } = this;
    const { sizeMs, graceMs = 0 } = windows;
    const store = graph.storeName(prefix, options.store);
    const node = graph.nameOf(prefix, options);
    checkTimeWindows(node, windows);
    const retentionMs = options.retentionMs ?? sizeMs + graceMs;
    if (retentionMs < sizeMs + graceMs) {
      throw new TopologyError(
        node,
        `keeps windows for ${retentionMs} ms, but they can change for ${sizeMs + graceMs}; raise retentionMs`,
      );
    }
    const input = this.grouped.input(store);
    const key = requireSerde(node, 'key', options.key, input.key);
    const value = requireSerde(node, 'value', options.value);
    const { persistent, logging } = options;
    const spec = { name: store, key, value, windowSizeMs: sizeMs, retentionMs, persistent, logging };
    const byTime = emit === 'on-window-close';
    graph.addStore(byTime ? closingWindowStore(spec) : timestampedWindowStore(spec));
    const table = new WindowAggregate<K, V, VR>(store, windows, aggregation, emit);
    graph.addProcessor<K, V, Windowed<K>, Change<VR>>(node, [input.node], () => table.processor(), {
      stores: [store],
      keysAfter: (recordKey, timestamp) =>
        windowStartsFor(windows, timestamp).map((start) => windowed(recordKey, start, start + sizeMs)),
      reads: byTime
        ? undefined
        : (recordKey, timestamp, request) => {
            const bytes = key.serialize(recordKey as K);
            for (const start of windowStartsFor(windows, timestamp)) {
              request(store).key(windowKey(bytes, start));
            }
          },
    });
    return new KTable({
      graph,
      sources: input.sources,
      node,
      key: timeWindowedSerde(key, sizeMs),
      value,
      table,
      window: { closesAfterMs: graceMs, endOf: ({ window }) => window.end },
    });
  }
}
