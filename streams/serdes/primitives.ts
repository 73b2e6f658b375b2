import { SerdeError } from './errors.ts';
import type { Serde } from './serde.ts';

const TWO_TO_32 = 2 ** 32;

const string: Serde<string> = {
  serialize: (value) => Buffer.from(value, 'utf8'),
  // Like Kafka's: invalid UTF-8 becomes U+FFFD instead of an error.
  deserialize: (bytes) => bytes.toString('utf8'),
};

const bytes: Serde<Buffer> = {
  serialize: (value) => value,
  deserialize: (value) => value,
};

const long: Serde<number> = {
  serialize(value) {
    if (!Number.isSafeInteger(value)) throw new SerdeError('INVALID_VALUE', 'a long must be a safe integer');
    const buffer = Buffer.allocUnsafe(8);
    buffer.writeInt32BE(Math.floor(value / TWO_TO_32), 0);
    buffer.writeUInt32BE(value >>> 0, 4);
    return buffer;
  },
  deserialize(buffer) {
    requireEightBytes(buffer, 'long');
    const value = buffer.readInt32BE(0) * TWO_TO_32 + buffer.readUInt32BE(4);
    if (!Number.isSafeInteger(value)) throw new SerdeError('UNSAFE_LONG', 'a long outside ±(2^53 - 1)');
    return value;
  },
};

const double: Serde<number> = {
  serialize(value) {
    const buffer = Buffer.allocUnsafe(8);
    buffer.writeDoubleBE(value);
    return buffer;
  },
  deserialize(buffer) {
    requireEightBytes(buffer, 'double');
    return buffer.readDoubleBE();
  },
};

function requireEightBytes(buffer: Buffer, type: string): void {
  if (buffer.length !== 8)
    throw new SerdeError('MALFORMED', `a ${type} takes 8 bytes, there are ${buffer.length}`);
}

function json<T>(): Serde<T> {
  return {
    serialize(value) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new SerdeError('INVALID_VALUE', `JSON has no ${typeof value}`);
      return Buffer.from(text, 'utf8');
    },
    deserialize(buffer) {
      try {
        return JSON.parse(buffer.toString('utf8'));
      } catch {
        // The parser's own message quotes the text.
        throw new SerdeError('MALFORMED', `${buffer.length} bytes that are not JSON`);
      }
    },
  };
}

/** The serdes Kafka has (`Serdes.String()`, `Long()`, ...), byte for byte, and JSON. A long is 8 bytes, big-endian,
 * and a JavaScript number, so safe integers only. `bytes` copies nothing. `json` trusts the writer for the shape. */
export const serdes = {
  string: (): Serde<string> => string,
  bytes: (): Serde<Buffer> => bytes,
  long: (): Serde<number> => long,
  double: (): Serde<number> => double,
  json,
} as const;
