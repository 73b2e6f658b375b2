import type { Serde } from '../serdes/serde.ts';
import { after } from './key-layout.ts';
import type { Codec, StateReader } from './state-reader.ts';

/** A key-value store as seen from outside its tasks: what is committed, of all partitions this process owns. A table's
 * values come with their timestamps. */
export interface ReadOnlyKeyValueStore<K, V> {
  /** `null` if there is no such key, or another process owns its partition. */
  get(key: K): Promise<V | null>;
  /** Entries with `from <= key <= to` in order of their keys' bytes; a bound left out is open. All of them are read
   * into memory. */
  range(from: K | undefined, to: K | undefined, options?: { limit?: number }): Promise<[K, V][]>;
  all(options?: { limit?: number }): Promise<[K, V][]>;
}

/** `readers`: those of the tasks that are open now, one per partition. */
export function queryKeyValueStore<K, V>(
  name: string,
  key: Serde<K>,
  codec: Codec<V>,
  readers: () => readonly StateReader[],
): ReadOnlyKeyValueStore<K, V> {
  const range: ReadOnlyKeyValueStore<K, V>['range'] = async (from, to, options = {}) => {
    const bounds = {
      gte: from === undefined ? undefined : key.serialize(from),
      lt: to === undefined ? undefined : after(key.serialize(to)),
      limit: options.limit,
    };
    const parts = await Promise.all(readers().map((reader) => reader.scan(name, bounds)));
    return parts
      .flat()
      .sort(([a], [b]) => a.compare(b))
      .slice(0, options.limit)
      .map(([bytes, value]) => [key.deserialize(bytes), codec.decode(value)]);
  };
  return {
    async get(wanted) {
      const bytes = key.serialize(wanted);
      const found = await Promise.all(readers().map((reader) => reader.getMany(name, [bytes])));
      const value = found.flat().find((part) => part !== null);
      return value === undefined || value === null ? null : codec.decode(value);
    },
    range,
    all: (options) => range(undefined, undefined, options),
  };
}
