const TWO_TO_32 = 2 ** 32;

export function writeTime(target: Buffer, time: number, offset: number): void {
  target.writeInt32BE(Math.floor(time / TWO_TO_32), offset);
  target.writeUInt32BE(time >>> 0, offset + 4);
}

export const readTime = (source: Buffer, offset: number): number =>
  source.readInt32BE(offset) * TWO_TO_32 + source.readUInt32BE(offset + 4);

/** Greatest time that a key can hold; a bound that lies after every key. */
export const MAX_TIME = 2 ** 53 - 1;

/** Length of what follows the record's key in a window's key: start (8), sequence number (4). */
export const WINDOW_SUFFIX = 12;
/** ... and in a session's key: end (8), start (8). */
export const SESSION_SUFFIX = 16;

/** A window's key, as Kafka lays it out; the sequence number tells duplicates apart. */
export function windowKey(key: Buffer, start: number, sequence = 0): Buffer {
  const whole = Buffer.allocUnsafe(key.length + WINDOW_SUFFIX);
  key.copy(whole, 0);
  writeTime(whole, start, key.length);
  whole.writeInt32BE(sequence, key.length + 8);
  return whole;
}

export const windowStartOf = (key: Buffer): number => readTime(key, key.length - WINDOW_SUFFIX);

/** A session's key, as Kafka lays it out: sessions of one key stand in order of their ends. */
export function sessionKey(key: Buffer, start: number, end: number): Buffer {
  const whole = Buffer.allocUnsafe(key.length + SESSION_SUFFIX);
  key.copy(whole, 0);
  writeTime(whole, end, key.length);
  writeTime(whole, start, key.length + 8);
  return whole;
}

export const sessionEndOf = (key: Buffer): number => readTime(key, key.length - SESSION_SUFFIX);
export const sessionStartOf = (key: Buffer): number => readTime(key, key.length - 8);

/** A queue's key: time first, so that the earliest stand in front. */
export function queueKey(time: number, rest: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(8 + rest.length);
  writeTime(whole, time, 0);
  rest.copy(whole, 8);
  return whole;
}

/** The first key after `key` in byte order: makes an inclusive bound exclusive. */
export const after = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);
