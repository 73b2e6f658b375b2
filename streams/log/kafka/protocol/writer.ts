/** Writes the primitive types of Kafka's protocol into a buffer that grows. */
export class Writer {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** What was written; valid until the next write. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  int8(value: number): this {
    this.#length = this.#room(1).writeInt8(value, this.#length);
    return this;
  }

  int16(value: number): this {
    this.#length = this.#room(2).writeInt16BE(value, this.#length);
    return this;
  }

  int32(value: number): this {
    this.#length = this.#room(4).writeInt32BE(value, this.#length);
    return this;
  }

  int64(value: number): this {
    this.#length = writeInt64(this.#room(8), value, this.#length);
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length);
    this.#room(length).write(value, this.#length);
    this.#length += length;
    return this;
  }

  /** With its length in 32 bits. */
  sized(value: Buffer): this {
    return this.int32(value.length).raw(value);
  }

  raw(value: Buffer): this {
    this.#room(value.length).set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  array<T>(items: readonly T[], write: (item: T) => unknown): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  unsignedVarint(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    return this.#byte(rest);
  }

  /** As in the "flexible" versions of requests. */
  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0);
    const bytes = Buffer.from(value);
    return this.unsignedVarint(bytes.length + 1).raw(bytes);
  }

  /** The end of a structure in a flexible version: no optional fields. */
  noTags(): this {
    return this.unsignedVarint(0);
  }

  #byte(value: number): this {
    this.#room(1)[this.#length++] = value;
    return this;
  }

  #room(length: number): Buffer {
    const needed = this.#length + length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    return this.#buffer;
  }
}

const TWO_32 = 2 ** 32;

/** Of a safe integer; returns the position after it. */
export function writeInt64(buffer: Buffer, value: number, at: number): number {
  const high = Math.floor(value / TWO_32);
  buffer.writeInt32BE(high, at);
  return buffer.writeUInt32BE(value - high * TWO_32, at + 4);
}

/** Exact for what Kafka's clients ever see: offsets, producer ids and times are below 2^53. */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * TWO_32 + buffer.readUInt32BE(at + 4);
}
