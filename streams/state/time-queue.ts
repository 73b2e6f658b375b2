import { queueKey, readTime } from './key-layout.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { Codec } from './state-reader.ts';
import { type StoreBuilder, type StoreOptions, storeBasics } from './store.ts';

/** Values in order of time, then of the bytes of a name; for what waits until its time has come. Its front is held
 * in memory, however long it is. */
export interface TimeQueue<V> {
  get(time: number, name: Buffer): V | null;
  put(time: number, name: Buffer, value: V): void;
  /** Without reading whether it is there. */
  remove(time: number, name: Buffer): void;
  /** From the earliest on, until `visit` says no; it may remove what it is shown. */
  walk(visit: (time: number, name: Buffer, value: V) => boolean): void;
}

export function timeQueue<V>(
  options: StoreOptions & { readonly codec: Codec<V> },
): StoreBuilder<TimeQueue<V>> {
  return {
    ...storeBasics(options),
    prefetch: (_key, _timestamp, request) => request.group(Buffer.alloc(0)),
    build: (context) =>
      timeQueueOver(context.buffer({ codec: options.codec, groupSuffix: Number.POSITIVE_INFINITY })),
  };
}

export function timeQueueOver<V>(buffer: StateBuffer<V>): TimeQueue<V> {
  return {
    get: (time, name) => buffer.get(queueKey(time, name)),
    put: (time, name, value) => buffer.put(queueKey(time, name), value),
    remove(time, name) {
      const key = queueKey(time, name);
      if (!buffer.knowsAbsent(key)) buffer.put(key, null);
    },
    walk: (visit) => buffer.groups?.walk((key, value) => visit(readTime(key, 0), key.subarray(8), value)),
  };
}
