import type { Serde } from '../serdes/serde.ts';
import { after } from './key-layout.ts';
import { queryKeyValueStore } from './key-value-query.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { Codec } from './state-reader.ts';
import { type StoreBuilder, type StoreOptions, storeBasics } from './store.ts';
import { type ValueAndTimestamp, valueAndTimestampCodec, valueCodec } from './value-and-timestamp.ts';

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

export interface KeyValueStoreOptions<K, V> extends StoreOptions {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
}

/** `Stores.keyValueStoreBuilder` of Kafka Streams, as an options object. */
export function keyValueStore<K, V>(options: KeyValueStoreOptions<K, V>): StoreBuilder<KeyValueStore<K, V>> {
  return keyValueStoreOf(options, valueCodec(options.value));
}

/** What a table keeps: each value with the time of its last change. */
export type TimestampedKeyValueStore<K, V> = KeyValueStore<K, ValueAndTimestamp<V>>;

/** `Stores.timestampedKeyValueStoreBuilder` of Kafka Streams. */
export function timestampedKeyValueStore<K, V>(
  options: KeyValueStoreOptions<K, V>,
): StoreBuilder<TimestampedKeyValueStore<K, V>> {
  return keyValueStoreOf(options, valueAndTimestampCodec(options.value));
}

function keyValueStoreOf<K, S>(
  options: StoreOptions & { readonly key: Serde<K> },
  codec: Codec<S>,
): StoreBuilder<KeyValueStore<K, S>> {
  const { name, key } = options;
  return {
    ...storeBasics(options),
    prefetch: (recordKey, _timestamp, request) => request.key(key.serialize(recordKey as K)),
    build: (context) => new BufferedKeyValueStore(name, key, context.buffer({ codec })),
    query: { kind: 'key-value', over: (readers) => queryKeyValueStore(name, key, codec, readers) },
  };
}

class BufferedKeyValueStore<K, V> implements KeyValueStore<K, V> {
  readonly name: string;
  private readonly key: Serde<K>;
  private readonly buffer: StateBuffer<V>;

  constructor(name: string, key: Serde<K>, buffer: StateBuffer<V>) {
    this.name = name;
    this.key = key;
    this.buffer = buffer;
  }

  get(key: K): V | null {
    return this.buffer.get(this.key.serialize(key));
  }

  put(key: K, value: V | null): void {
    this.buffer.put(this.key.serialize(key), value);
  }

  putIfAbsent(key: K, value: V): V | null {
    const bytes = this.key.serialize(key);
    const found = this.buffer.get(bytes);
    if (found === null) this.buffer.put(bytes, value);
    return found;
  }

  delete(key: K): V | null {
    const bytes = this.key.serialize(key);
    const found = this.buffer.get(bytes);
    this.buffer.put(bytes, null);
    return found;
  }

  range(from: K | undefined, to: K | undefined, options?: { reverse?: boolean; limit?: number }): [K, V][] {
    const found = this.buffer.range({
      gte: from === undefined ? undefined : this.key.serialize(from),
      lt: to === undefined ? undefined : after(this.key.serialize(to)),
      ...options,
    });
    return found.map(([bytes, value]) => [this.key.deserialize(bytes), value]);
  }

  all(options?: { reverse?: boolean; limit?: number }): [K, V][] {
    return this.range(undefined, undefined, options);
  }
}
