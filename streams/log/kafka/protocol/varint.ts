/**
 * Kafka's signed varints: zigzag, 7 bits a byte, lowest first. All are small but timestamps, which may be any safe
 * integer; doubled, those beyond 2^52 would not be exact, so they take the way over BigInt.
 */
const EXACT = 2 ** 52;

export function varintLength(value: number): number {
  if (value >= -64 && value < 64) return 1;
  if (value >= -8192 && value < 8192) return 2;
  if (Math.abs(value) >= EXACT) return 8;
  let rest = zigzag(value);
  let length = 1;
  while (rest >= 0x80) {
    rest = Math.floor(rest / 0x80);
    length++;
  }
  return length;
}

/** Returns the position after the value. */
export function writeVarint(buffer: Buffer, value: number, at: number): number {
  if (Math.abs(value) >= EXACT) return writeLarge(buffer, value, at);
  let rest = zigzag(value);
  let position = at;
  while (rest >= 0x80) {
    buffer[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[position++] = rest;
  return position;
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : value * -2 - 1;
}

/** Between 2^52 and 2^53 away from zero: always 8 bytes. */
function writeLarge(buffer: Buffer, value: number, at: number): number {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  let position = at;
  for (; rest >= 0x80n; rest >>= 7n) buffer[position++] = Number(rest & 0x7fn) | 0x80;
  buffer[position++] = Number(rest);
  return position;
}

/** Reads varints one after another; past the end, or from a value too long, it answers NaN. */
export class VarintReader {
  position: number;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer, position: number) {
    this.#buffer = buffer;
    this.position = position;
  }

  next(): number {
    const buffer = this.#buffer;
    const start = this.position;
    const first = buffer[this.position++];
    if (first === undefined) return Number.NaN;
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let scale = 0x80; scale <= 2 ** 42; scale *= 0x80) {
      const byte = buffer[this.position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return this.#large(start);
  }

  #large(start: number): number {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.#buffer[start + i];
      if (byte === undefined) return Number.NaN;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) {
        this.position = start + i + 1;
        return Number((value >> 1n) ^ -(value & 1n));
      }
    }
    return Number.NaN;
  }
}
