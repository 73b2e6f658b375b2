import {
  type KeyValueStore,
  keyValueStore,
  type Processor,
  type ProcessorContext,
  type StreamRecord,
  StreamsBuilder,
  serdes,
  type Topology,
} from '../../streams/index.ts';

export interface ShopEvent {
  readonly id: string;
  readonly kind: 'view' | 'order';
  readonly category: string;
  readonly amount: number;
}

interface Total {
  readonly orders: number;
  readonly amount: number;
}

export const INPUT = 'events';
export const OUTPUTS = ['totals', 'joined', 'categories'] as const;
/** Stores whose content depends on the input alone, and not on which of two topics was read first. */
export const STORES = ['seen', 'totals-store', 'categories-store'] as const;

const key = serdes.string();
export const eventSerde = serdes.json<ShopEvent>();

/** Passes the first event of each id. */
class Dedupe implements Processor<string, ShopEvent, string, ShopEvent> {
  #context: ProcessorContext<string, ShopEvent> | undefined;
  #seen: KeyValueStore<string, string> | undefined;

  init(context: ProcessorContext<string, ShopEvent>): void {
    this.#context = context;
    this.#seen = context.store<KeyValueStore<string, string>>('seen');
  }

  process(record: StreamRecord<string, ShopEvent>): void {
    const { id } = record.value;
    if (typeof this.#seen?.get(id) === 'string') return;
    this.#seen?.put(id, record.key);
    this.#context?.forward(record);
  }
}

/**
 * Dedupe, aggregate, windowed join, and a count behind a repartition topic. Whatever the order in which partitions
 * are processed, the records it sends are the same ones, and of one key of `totals` in the same order.
 */
export function chaosTopology(): Topology {
  const builder = new StreamsBuilder();
  builder.addStateStore(keyValueStore({ name: 'seen', key, value: serdes.string() }));
  const events = builder
    .stream(INPUT, { key, value: eventSerde })
    .processValues(() => new Dedupe(), { stores: ['seen'] });
  const orders = events.filter((_, { kind }) => kind === 'order');
  const views = events.filter((_, { kind }) => kind === 'view');
  orders
    .groupByKey({ key, value: eventSerde })
    .aggregate<Total>(
      () => ({ orders: 0, amount: 0 }),
      (_, event, total) => ({ orders: total.orders + 1, amount: total.amount + event.amount }),
      { store: 'totals-store', key, value: serdes.json<Total>() },
    )
    .toStream()
    .to('totals', { key, value: serdes.json<Total>() });
  views
    .join(
      orders,
      (view, order) => `${view.id}+${order.id}`,
      { beforeMs: 60, afterMs: 60 },
      {
        key,
        value: eventSerde,
        otherValue: eventSerde,
      },
    )
    .to('joined', { key, value: serdes.string() });
  events
    .groupBy((_, { category }) => category, { key, value: eventSerde })
    .count({ store: 'categories-store', key })
    .toStream()
    .mapValues((count) => String(count))
    .to('categories', { key, value: serdes.string() });
  return builder.build();
}
