import type { Serde } from '../serdes/serde.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { StoreBuilder } from './store.ts';

/** A table of one task, synchronous. Values are objects shared with the store: do not mutate them. */
export interface KeyValueStore<K, V> {
  readonly name: string;
  /** `null` if there is no such key. */
  get(key: K): V | null;
  /** `null` deletes the key. */
  put(key: K, value: V | null): void;
  putIfAbsent(key: K, value: V): V | null;
  /** The value that was there. */
  delete(key: K): V | null;
  /** Entries with `from <= key <= to` in order of their keys' bytes; a bound left out is open. The whole range is
   * read into memory. */
  range(from: K | undefined, to: K | undefined, options?: { reverse?: boolean; limit?: number }): [K, V][];
  all(options?: { reverse?: boolean; limit?: number }): [K, V][];
}

export interface StoreOptions {
  readonly name: string;
  /** Write changes to a changelog topic too, where the log does not keep them itself. Default true. */
  readonly logging?: boolean | undefined;
}

export interface KeyValueStoreOptions<K, V> extends StoreOptions {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
}

/** `Stores.keyValueStoreBuilder` of Kafka Streams, as an options object. */
export function keyValueStore<K, V>(options: KeyValueStoreOptions<K, V>): StoreBuilder<KeyValueStore<K, V>> {
  return {
    name: options.name,
    logging: options.logging ?? true,
    prefetch: (key) => options.key.serialize(key as K),
    build(context) {
      const buffer = context.buffer<V>({
        encode: (value) => options.value.serialize(value),
        decode: (bytes) => options.value.deserialize(bytes),
      });
      return keyValueStoreOver(options.name, options.key, buffer);
    },
  };
}

function keyValueStoreOver<K, V>(name: string, key: Serde<K>, buffer: StateBuffer<V>): KeyValueStore<K, V> {
  const range: KeyValueStore<K, V>['range'] = (from, to, options) =>
    buffer
      .range({
        gte: from === undefined ? undefined : key.serialize(from),
        lt: to === undefined ? undefined : after(key.serialize(to)),
        ...options,
      })
      .map(([bytes, value]) => [key.deserialize(bytes), value]);
  return {
    name,
    get: (k) => buffer.get(key.serialize(k)),
    put: (k, value) => buffer.put(key.serialize(k), value),
    putIfAbsent(k, value) {
      const bytes = key.serialize(k);
      const found = buffer.get(bytes);
      if (found === null) buffer.put(bytes, value);
      return found;
    },
    delete(k) {
      const bytes = key.serialize(k);
      const found = buffer.get(bytes);
      buffer.put(bytes, null);
      return found;
    },
    range,
    all: (options) => range(undefined, undefined, options),
  };
}

/** The first key after `key` in byte order: makes an inclusive bound exclusive. */
const after = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);
