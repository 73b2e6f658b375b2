import type { Serde } from '../serdes/serde.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { MAX_TIME } from './key-layout.ts';
import { committedRegister } from './register.ts';
import type { Codec, StateReader } from './state-reader.ts';
import type { WindowLayout } from './window-layout.ts';

/**
 * A window store as seen from outside its tasks: what is committed, of all partitions this process owns. Windows older
 * than the store's retention are not seen, as inside. A windowed table's values come with their timestamps.
 * `ReadOnlyWindowStore` of Kafka Streams.
 */
export interface ReadOnlyWindowStore<K, V> {
  /** Of the window that starts at `start`, in epoch milliseconds; `null` if there is none here. */
  fetch(key: K, start: number): Promise<V | null>;
  /** Of one key, the windows with `from <= start <= to`, earliest first. */
  fetch(key: K, from: number, to: number): Promise<[start: number, value: V][]>;
  /** Of all keys, by start, then by the bytes of the key. The whole store may be read. */
  fetchAll(from: number, to: number): Promise<[Windowed<K>, V][]>;
  all(): Promise<[Windowed<K>, V][]>;
}

export interface QueriedWindowStore<K> {
  readonly name: string;
  readonly key: Serde<K>;
  readonly windowSizeMs: number;
  readonly retentionMs: number;
}

/** A window as it is stored. */
interface Found {
  readonly key: Buffer;
  readonly start: number;
  readonly value: Buffer;
}

/** `readers`: those of the tasks that are open now, one per partition. */
export function queryWindowStore<K, V>(
  { name, key: serde, windowSizeMs, retentionMs }: QueriedWindowStore<K>,
  codec: Codec<V>,
  layout: WindowLayout,
  readers: () => readonly StateReader[],
): ReadOnlyWindowStore<K, V> {
  /** What each task still shows between two bounds, by start, then by key. */
  async function find(
    from: number,
    to: number,
    read: (reader: StateReader, first: number) => Promise<readonly (readonly [Buffer, Buffer])[]>,
  ): Promise<Found[]> {
    const parts = await Promise.all(
      readers().map(async (reader) => {
        const latest = await committedRegister(reader, name, 'latest');
        const first = Math.max(from, latest - retentionMs + 1, 0);
        if (first > to) return [];
        return (await read(reader, first)).flatMap(([bytes, value]): Found[] => {
          const start = layout.startOf(bytes);
          return start < first || start > to ? [] : [{ key: layout.recordKeyOf(bytes), start, value }];
        });
      }),
    );
    // Stable: duplicates of one key and start stay in order of arrival.
    return parts.flat().sort((a, b) => a.start - b.start || a.key.compare(b.key));
  }

  function fetch(key: K, start: number): Promise<V | null>;
  function fetch(key: K, from: number, to: number): Promise<[start: number, value: V][]>;
  async function fetch(key: K, from: number, to?: number): Promise<V | null | [number, V][]> {
    const own = serde.serialize(key);
    if (to === undefined) {
      const wanted = layout.keyOf(own, from, 0);
      const [found] = await find(from, from, async (reader) => {
        const [value] = await reader.getMany(name, [wanted]);
        return value === null || value === undefined ? [] : [[wanted, value]];
      });
      return found === undefined ? null : codec.decode(found.value);
    }
    const found = await find(from, to, (reader, first) => reader.scan(name, layout.rangeOf(own, first, to)));
    return found
      .filter((each) => each.key.equals(own))
      .map(({ start, value }) => [start, codec.decode(value)]);
  }

  async function fetchAll(from: number, to: number): Promise<[Windowed<K>, V][]> {
    const found = await find(from, to, (reader, first) => reader.scan(name, layout.rangeOfAll(first, to)));
    return found.map(({ key, start, value }) => [
      windowed(serde.deserialize(key), start, start + windowSizeMs),
      codec.decode(value),
    ]);
  }

  return { fetch, fetchAll, all: () => fetchAll(0, MAX_TIME) };
}
