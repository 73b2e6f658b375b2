import type { Serde } from '../serdes/serde.ts';
import {
  readTime,
  SESSION_SUFFIX,
  sessionEndOf,
  sessionKey,
  sessionStartOf,
  writeTime,
} from '../state/key-layout.ts';
import { type Windowed, windowed } from '../windowed.ts';

/** Keys of a table of time windows, as Kafka's `TimeWindowedSerializer`: the key, then the window's start (8 bytes);
 * the size says where it ends. */
export const timeWindowedSerde = <K>(key: Serde<K>, sizeMs: number): Serde<Windowed<K>> => ({
  serialize({ key: inner, window }) {
    const bytes = key.serialize(inner);
    const whole = Buffer.allocUnsafe(bytes.length + 8);
    bytes.copy(whole, 0);
    writeTime(whole, window.start, bytes.length);
    return whole;
  },
  deserialize(bytes) {
    const start = readTime(bytes, bytes.length - 8);
    return windowed(key.deserialize(bytes.subarray(0, -8)), start, start + sizeMs);
  },
});

/** Keys of a table of sessions, as Kafka's `SessionWindowedSerializer`: the key, then end and start (8 bytes each). */
export const sessionWindowedSerde = <K>(key: Serde<K>): Serde<Windowed<K>> => ({
  serialize: ({ key: inner, window }) => sessionKey(key.serialize(inner), window.start, window.end),
  deserialize: (bytes) =>
    windowed(key.deserialize(bytes.subarray(0, -SESSION_SUFFIX)), sessionStartOf(bytes), sessionEndOf(bytes)),
});
