import { TopologyError } from '../errors.ts';
import type { Change } from '../operators/change.ts';
import { SessionAggregate, type SessionAggregation } from '../operators/session-aggregate.ts';
import { aggregating, counting, reducing } from '../operators/stream-aggregate.ts';
import { serdes } from '../serdes/primitives.ts';
import { closingSessionStore, sessionStore } from '../state/session-store.ts';
import type { Windowed } from '../windowed.ts';
import { requireSerde } from './graph-builder.ts';
import type { KGroupedStream } from './kgrouped-stream.ts';
import type { StreamOrigin } from './kstream.ts';
import { KTable } from './ktable.ts';
import type { WindowMaterialized } from './options.ts';
import { sessionWindowedSerde } from './windowed-serdes.ts';
import { checkSessionWindows, type EmitStrategy, type SessionWindows } from './windows.ts';

/** Grouped records, those of a key that follow each other within the gap in one session; see `SessionAggregate`. */
export class SessionWindowedKStream<K, V> {
  private readonly grouped: KGroupedStream<K, V>;
  private readonly origin: StreamOrigin<K, V>;
  private readonly windows: SessionWindows;
  private readonly emit: EmitStrategy;

  constructor(
    grouped: KGroupedStream<K, V>,
    origin: StreamOrigin<K, V>,
    windows: SessionWindows,
    emit: EmitStrategy = 'on-window-update',
  ) {
    this.grouped = grouped;
    this.origin = origin;
    this.windows = windows;
    this.emit = emit;
  }

  /** Sends every change of a session (default), or each session once, when it takes no more records. */
  emitStrategy(emit: EmitStrategy): SessionWindowedKStream<K, V> {
    return new SessionWindowedKStream(this.grouped, this.origin, this.windows, emit);
  }

  count(options: WindowMaterialized<K, number> = {}): KTable<Windowed<K>, number> {
    const aggregation = {
      ...counting,
      merge: (_key: K, one: number | null, other: number) => (one ?? 0) + other,
    };
    return this.build('KSTREAM-AGGREGATE-', aggregation, { value: serdes.long(), ...options });
  }

  reduce(
    reducer: (aggregate: V, value: V) => V | null,
    options: WindowMaterialized<K, V> = {},
  ): KTable<Windowed<K>, V> {
    const { value } = this.origin;
    const merge = (_key: K, one: V | null, other: V): V | null =>
      one === null ? other : reducer(one, other);
    return this.build('KSTREAM-REDUCE-', { ...reducing<K, V>(reducer), merge }, { value, ...options });
  }

  /** `merger` makes one aggregate of two sessions'; it is called with the initial one first. */
  aggregate<VR>(
    initializer: () => VR,
    aggregator: (key: K, value: V, aggregate: VR) => VR | null,
    merger: (key: K, one: VR, other: VR) => VR | null,
    options: WindowMaterialized<K, VR>,
  ): KTable<Windowed<K>, VR> {
    // As with the aggregator: it gets null only where the initializer or the merger gave it.
    const merge = (key: K, one: VR | null, other: VR): VR | null => merger(key, one as VR, other);
    return this.build('KSTREAM-AGGREGATE-', { ...aggregating(initializer, aggregator), merge }, options);
  }

  private build<VR>(
    prefix: string,
    aggregation: SessionAggregation<K, V, VR>,
    options: WindowMaterialized<K, VR>,
  ): KTable<Windowed<K>, VR> {
    const { graph } = this.origin;
    const { windows, emit } = this;
    const { gapMs, graceMs = 0 } = windows;
    const store = graph.storeName(prefix, options.store);
    const node = graph.nameOf(prefix, options);
    checkSessionWindows(node, windows);
    const retentionMs = options.retentionMs ?? gapMs + graceMs;
    if (retentionMs < gapMs + graceMs) {
      throw new TopologyError(
        node,
        `keeps sessions for ${retentionMs} ms, but they can change for ${gapMs + graceMs}; raise retentionMs`,
      );
    }
    const input = this.grouped.input(store);
    const key = requireSerde(node, 'key', options.key, input.key);
    const value = requireSerde(node, 'value', options.value);
    const { persistent, logging } = options;
    const spec = { name: store, key, value, retentionMs, persistent, logging };
    graph.addStore(emit === 'on-window-close' ? closingSessionStore(spec) : sessionStore(spec));
    const table = new SessionAggregate<K, V, VR>(store, windows, aggregation, emit);
    graph.addProcessor<K, V, Windowed<K>, Change<VR>>(node, [input.node], () => table.processor(), {
      stores: [store],
    });
    return new KTable({
      graph,
      sources: input.sources,
      node,
      key: sessionWindowedSerde(key),
      value,
      table,
      window: { closesAfterMs: graceMs + gapMs, endOf: ({ window }) => window.end },
    });
  }
}
