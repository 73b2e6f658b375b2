/** Unsigned LEB128 for integers up to 2^53 - 1: 7 bits a byte, lowest first. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  let length = 3;
  for (let rest = Math.floor(value / 0x200000); rest > 0; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Returns the position after the value. */
export function writeVarint(buffer: Buffer, value: number, at: number): number {
  let rest = value;
  let position = at;
  while (rest >= 0x80000000) {
    buffer[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    buffer[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[position++] = rest;
  return position;
}

/** Reads varints one after another. Past the end, or from a value too long, it answers NaN. */
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
    if (first < 0x80) return first;
    const second = buffer[this.position++];
    if (second === undefined) return Number.NaN;
    if (second < 0x80) return (first & 0x7f) | (second << 7);
    let value = (first & 0x7f) | ((second & 0x7f) << 7);
    for (let scale = 0x4000; scale <= 2 ** 49; scale *= 0x80) {
      const byte = buffer[this.position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  }
}
