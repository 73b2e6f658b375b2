import type { Headers } from '../log/log.ts';
import type { Register } from '../processor.ts';
import type { Serde } from '../serdes/serde.ts';
import { queueKey, readTime, writeTime } from './key-layout.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { Codec } from './state-reader.ts';
import { type StoreBuilder, type StoreContext, type StoreOptions, storeBasics } from './store.ts';

/** A table's change that is held back, with what its record carried. */
export interface Held<V> {
  readonly newValue: V | null;
  readonly oldValue: V | null;
  /** The row as it was when the first change was held: as those behind the buffer know it. */
  readonly prior: V | null;
  readonly timestamp: number;
  readonly headers: Headers;
}

/** Held changes, one per row, in order of the times under which their rows were first held, then of their keys. */
export interface SuppressStore<K, V> {
  readonly records: number;
  readonly bytes: number;
  /** A row that is held already keeps its place, and its `prior`. */
  hold(time: number, key: K, held: Held<V>): void;
  get(key: K): Held<V> | null;
  /** Takes out changes from the earliest on, while `go` says so. Each is still held while it is visited, as in Kafka:
   * who then looks at the row from behind the buffer sees it as it was. */
  release(go: (time: number) => boolean, visit: (key: K, held: Held<V>) => void): void;
}

export interface SuppressStoreOptions<K, V> extends StoreOptions {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** The time under which a key is held, where the key alone tells it; undefined: the time of its first change. */
  readonly timeOf: ((key: K) => number) | undefined;
  /** Count encoded bytes, which costs encoding each change once more. */
  readonly countBytes: boolean;
}

const TIMES = 'times';
const NOTHING = Buffer.alloc(0);

export function suppressStore<K, V>(options: SuppressStoreOptions<K, V>): StoreBuilder<SuppressStore<K, V>> {
  const { key: serde, timeOf } = options;
  return {
    ...storeBasics(options, timeOf === undefined ? [TIMES] : []),
    prefetch(key, _timestamp, request) {
      const bytes = serde.serialize(key as K);
      request.group(NOTHING);
      if (timeOf === undefined) request.key(bytes, TIMES);
      else request.key(queueKey(timeOf(key as K), bytes));
    },
    build: (context) => new BufferedSuppressStore(options, context),
  };
}

class BufferedSuppressStore<K, V> implements SuppressStore<K, V> {
  private readonly key: Serde<K>;
  private readonly timeOf: ((key: K) => number) | undefined;
  private readonly codec: Codec<Held<V>>;
  private readonly queue: StateBuffer<Held<V>>;
  /** Where keys do not tell it: the time under which each is held. */
  private readonly times: StateBuffer<number> | undefined;
  private readonly count: Register;
  private readonly size: Register;
  private readonly countBytes: boolean;

  constructor(options: SuppressStoreOptions<K, V>, context: StoreContext) {
    this.key = options.key;
    this.timeOf = options.timeOf;
    this.countBytes = options.countBytes;
    this.codec = heldCodec(options.value);
    this.queue = context.buffer({ codec: this.codec, groupSuffix: Number.POSITIVE_INFINITY });
    this.times = options.timeOf === undefined ? context.buffer({ codec: timeCodec, part: TIMES }) : undefined;
    this.count = context.register('records', 0);
    this.size = context.register('bytes', 0);
  }

  get records(): number {
    return this.count.get();
  }

  get bytes(): number {
    return this.size.get();
  }

  hold(time: number, key: K, held: Held<V>): void {
    const bytes = this.key.serialize(key);
    const place = this.placeOf(key, bytes);
    const there = place === null ? null : this.queue.get(place);
    if (place !== null && there !== null) {
      const updated = { ...held, prior: there.prior };
      this.size.set(this.size.get() + this.sizeOf(place, updated) - this.sizeOf(place, there));
      this.queue.put(place, updated);
      return;
    }
    const added = queueKey(time, bytes);
    this.count.set(this.count.get() + 1);
    this.size.set(this.size.get() + this.sizeOf(added, held));
    this.queue.put(added, held);
    this.times?.put(bytes, time);
  }

  get(key: K): Held<V> | null {
    const place = this.placeOf(key, this.key.serialize(key));
    return place === null ? null : this.queue.get(place);
  }

  release(go: (time: number) => boolean, visit: (key: K, held: Held<V>) => void): void {
    this.queue.groups?.walk((place, held) => {
      if (!go(readTime(place, 0))) return false;
      const bytes = place.subarray(8);
      visit(this.key.deserialize(bytes), held);
      this.count.set(this.count.get() - 1);
      this.size.set(this.size.get() - this.sizeOf(place, held));
      this.queue.put(place, null);
      this.times?.put(bytes, null);
      return true;
    });
  }

  private placeOf(key: K, bytes: Buffer): Buffer | null {
    const time = this.timeOf === undefined ? (this.times?.get(bytes) ?? null) : this.timeOf(key);
    return time === null ? null : queueKey(time, bytes);
  }

  private sizeOf(place: Buffer, held: Held<V>): number {
    return this.countBytes ? place.length + this.codec.encode(held).length : 0;
  }
}

const timeCodec: Codec<number> = {
  encode(time) {
    const bytes = Buffer.allocUnsafe(8);
    writeTime(bytes, time, 0);
    return bytes;
  },
  decode: (bytes) => readTime(bytes, 0),
};

/** Time (8), number of headers (4), then three values and the headers' names and values, each with its length in
 * front, -1 where there is none. */
function heldCodec<V>(serde: Serde<V>): Codec<Held<V>> {
  const valueBytes = (value: V | null): Buffer | null => (value === null ? null : serde.serialize(value));
  return {
    encode({ newValue, oldValue, prior, timestamp, headers }) {
      const head = Buffer.allocUnsafe(12);
      writeTime(head, timestamp, 0);
      head.writeInt32BE(headers.length, 8);
      const parts = [valueBytes(newValue), valueBytes(oldValue), valueBytes(prior)];
      for (const [name, value] of headers) parts.push(Buffer.from(name), value);
      return Buffer.concat([head, ...parts.flatMap(withLength)]);
    },
    decode(bytes) {
      let offset = 12;
      const next = (): Buffer | null => {
        const length = bytes.readInt32BE(offset);
        const start = offset + 4;
        offset = start + Math.max(length, 0);
        return length < 0 ? null : bytes.subarray(start, offset);
      };
      const nextValue = (): V | null => {
        const part = next();
        return part === null ? null : serde.deserialize(part);
      };
      const [newValue, oldValue, prior] = [nextValue(), nextValue(), nextValue()];
      const headers = Array.from(
        { length: bytes.readInt32BE(8) },
        () => [(next() ?? NOTHING).toString(), next() ?? NOTHING] as const,
      );
      return { newValue, oldValue, prior, timestamp: readTime(bytes, 0), headers };
    },
  };
}

function withLength(bytes: Buffer | null): Buffer[] {
  const length = Buffer.allocUnsafe(4);
  length.writeInt32BE(bytes?.length ?? -1, 0);
  return bytes === null ? [length] : [length, bytes];
}
