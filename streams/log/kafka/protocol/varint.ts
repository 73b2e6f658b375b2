/** Kafka's signed varints: zigzag, 7 bits a byte, lowest first. Values beyond 32 bits are only timestamps and take
 * the slow way. */
export function varintLength(value: number): number {
  if (value >= -64 && value < 64) return 1;
  if (value >= -8192 && value < 8192) return 2;
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
  let rest = zigzag(value);
  let position = at;
  while (rest >= 0x80) {
    buffer[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[position++] = rest;
  return position;
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);

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
    const first = buffer[this.position++];
    if (first === undefined) return Number.NaN;
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let scale = 0x80; scale <= 2 ** 49; scale *= 0x80) {
      const byte = buffer[this.position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return Number.NaN;
  }
}
