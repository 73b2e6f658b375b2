import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SerdeError } from './errors.ts';
import { serdes } from './primitives.ts';
import type { Serde } from './serde.ts';

const failure = (code: string) => expect.objectContaining({ name: 'SerdeError', code });

function roundTrips<T>(serde: Serde<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(serde.deserialize(serde.serialize(value))).toEqual(value);
    }),
  );
}

test('every value comes back as it was', () => {
  roundTrips(serdes.string(), fc.string({ unit: 'grapheme' }));
  roundTrips(serdes.long(), fc.maxSafeInteger());
  roundTrips(serdes.double(), fc.double());
  roundTrips(
    serdes.json<unknown>(),
    // JSON.stringify has no -0.
    fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value))),
  );
  roundTrips(
    serdes.bytes(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
});

test('a long is the eight bytes of a Java LongSerializer', () => {
  const long = serdes.long();
  for (const value of [
    0,
    1,
    -1,
    258,
    -258,
    2 ** 32,
    -(2 ** 32) - 5,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]) {
    const expected = Buffer.alloc(8);
    expected.writeBigInt64BE(BigInt(value));
    expect(long.serialize(value)).toEqual(expected);
  }
});

test('a double is the eight bytes of a Java DoubleSerializer', () => {
  expect(serdes.double().serialize(1.5).toString('hex')).toBe('3ff8000000000000');
});

test.each([1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('%s is no long', (value) => {
  expect(() => serdes.long().serialize(value)).toThrow(failure('INVALID_VALUE'));
});

test('a long that JavaScript would round is refused', () => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(2n ** 53n);
  expect(() => serdes.long().deserialize(bytes)).toThrow(failure('UNSAFE_LONG'));
});

test.each([0, 4, 7, 9])('%i bytes are neither a long nor a double', (length) => {
  expect(() => serdes.long().deserialize(Buffer.alloc(length))).toThrow(failure('MALFORMED'));
  expect(() => serdes.double().deserialize(Buffer.alloc(length))).toThrow(failure('MALFORMED'));
});

test('text that is not JSON is refused without being quoted', () => {
  const bytes = Buffer.from('secret@example.com');
  expect(() => serdes.json().deserialize(bytes)).toThrow(failure('MALFORMED'));
  try {
    serdes.json().deserialize(bytes);
  } catch (error) {
    expect(error instanceof SerdeError ? error.message : '').not.toContain('secret');
  }
});

test('JSON has no undefined', () => {
  expect(() => serdes.json().serialize(undefined)).toThrow(failure('INVALID_VALUE'));
});

test('a "__proto__" in JSON is a plain key', () => {
  const value = serdes.json<object>().deserialize(Buffer.from('{"__proto__": {"admin": true}}'));
  expect('admin' in value).toBe(false);
});

test('invalid UTF-8 is replaced, as the Java StringDeserializer does', () => {
  expect(serdes.string().deserialize(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\ufffdb');
});
