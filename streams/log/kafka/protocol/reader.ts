import { readInt64 } from './writer.ts';

/** Reads the primitive types of Kafka's protocol, one after another. Past the end it throws a RangeError. */
export class Reader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int16(): number {
    const value = this.#buffer.readInt16BE(this.#position);
    this.#position += 2;
    return value;
  }

  int32(): number {
    const value = this.#buffer.readInt32BE(this.#position);
    this.#position += 4;
    return value;
  }

  int64(): number {
    const value = readInt64(this.#buffer, this.#position);
    this.#position += 8;
    return value;
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.bytes(length).toString();
  }

  /** A view of the buffer. */
  bytes(length: number): Buffer {
    const end = this.#position + length;
    if (length < 0 || end > this.#buffer.length) throw new RangeError(`${length} bytes at ${this.#position}`);
    const bytes = this.#buffer.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  array<T>(read: () => T): T[] {
    return this.#items(this.int32(), read);
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#position++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('varint too long');
  }

  compactString(): string | null {
    const length = this.unsignedVarint() - 1;
    return length < 0 ? null : this.bytes(length).toString();
  }

  compactArray<T>(read: () => T): T[] {
    return this.#items(this.unsignedVarint() - 1, read);
  }

  /** Optional fields of a flexible version. */
  skipTags(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint();
      this.bytes(this.unsignedVarint());
    }
  }

  #items<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }
}
