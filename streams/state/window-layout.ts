import { MAX_TIME, queueKey, readTime, WINDOW_SUFFIX, windowKey, windowStartOf } from './key-layout.ts';

interface ByteRange {
  readonly gte: Buffer;
  readonly lt: Buffer;
}

/** How a window's key is laid out in bytes. Times are starts of windows, bounds included. */
export interface WindowLayout {
  /** The last bytes of a key that tell the windows of one group apart. */
  readonly groupSuffix: number;
  keyOf(key: Buffer, start: number, sequence: number): Buffer;
  startOf(key: Buffer): number;
  recordKeyOf(key: Buffer): Buffer;
  /** Holds the windows of a record's key; windows of other keys may lie between them. */
  rangeOf(key: Buffer, from: number, to: number): ByteRange;
  /** Holds the windows of all keys, and maybe earlier and later ones. */
  rangeOfAll(from: number, to: number): Partial<ByteRange>;
}

/** Kafka's own: the windows of a key together. */
export const KEY_ORDER: WindowLayout = {
  groupSuffix: WINDOW_SUFFIX,
  keyOf: windowKey,
  startOf: windowStartOf,
  recordKeyOf: (key) => key.subarray(0, key.length - WINDOW_SUFFIX),
  rangeOf: (key, from, to) => ({ gte: windowKey(key, from), lt: windowKey(key, following(to)) }),
  rangeOfAll: () => ({}),
};

/** What closes first stands in front. */
export const TIME_ORDER: WindowLayout = {
  groupSuffix: Number.POSITIVE_INFINITY,
  keyOf: (key, start) => queueKey(start, key),
  startOf: (key) => readTime(key, 0),
  recordKeyOf: (key) => key.subarray(8),
  rangeOf: (key, from, to) => ({ gte: queueKey(from, key), lt: queueKey(following(to), NOTHING) }),
  rangeOfAll: (from, to) => ({ gte: queueKey(from, NOTHING), lt: queueKey(following(to), NOTHING) }),
};

const NOTHING = Buffer.alloc(0);

const following = (time: number): number => Math.min(time, MAX_TIME - 1) + 1;
