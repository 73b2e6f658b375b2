import type { Serde } from '../serdes/serde.ts';
import { readTime, writeTime } from './key-layout.ts';
import type { Codec } from './state-reader.ts';

/** A table's row with the time of its last change. */
export interface ValueAndTimestamp<V> {
  readonly value: V;
  readonly timestamp: number;
}

/** As Kafka stores it: eight bytes of time, then the value. */
export function valueAndTimestampCodec<V>(serde: Serde<V>): Codec<ValueAndTimestamp<V>> {
  return {
    encode({ value, timestamp }) {
      const bytes = serde.serialize(value);
      const whole = Buffer.allocUnsafe(8 + bytes.length);
      writeTime(whole, timestamp, 0);
      bytes.copy(whole, 8);
      return whole;
    },
    decode: (bytes) => ({ value: serde.deserialize(bytes.subarray(8)), timestamp: readTime(bytes, 0) }),
  };
}

export function valueCodec<V>(serde: Serde<V>): Codec<V> {
  return {
    encode: (value) => serde.serialize(value),
    decode: (bytes) => serde.deserialize(bytes),
  };
}
