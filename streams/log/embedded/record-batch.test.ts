import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRecord, StoredRecord } from '../log.ts';
import { batchInfo, checkBatch, decodeBatch, encodeBatch, encodedSize } from './record-batch.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const record: fc.Arbitrary<LogRecord> = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  timestamp: fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), bytes), { maxLength: 4 }),
});
const records = fc.array(record, { minLength: 1, maxLength: 40 });
const baseOffset = fc.integer({ min: 0, max: 2 ** 52 });

function encode(batch: readonly LogRecord[], base: number): Buffer {
  const size = batch.reduce((sum, each) => sum + encodedSize(each), 0);
  return encodeBatch(batch, size, { baseOffset: base, maxTimestamp: 7, writtenAt: 2 ** 41 });
}

function decode(batch: Buffer, from: number, to: number): StoredRecord[] {
  const out: StoredRecord[] = [];
  decodeBatch(batch, 't', 3, from, to, out);
  return out;
}

test('a batch gives back what went into it', () => {
  fc.assert(
    fc.property(records, baseOffset, (batch, base) => {
      const encoded = encode(batch, base);
      checkBatch(encoded, 't', 3, base);
      expect(batchInfo(encoded)).toEqual({
        baseOffset: base,
        count: batch.length,
        maxTimestamp: 7,
        writtenAt: 2 ** 41,
      });
      const stored = batch.map((each, i) => ({ ...each, topic: 't', partition: 3, offset: base + i }));
      expect(decode(encoded, 0, Number.POSITIVE_INFINITY)).toEqual(stored);
    }),
  );
});

test('any part of a batch can be decoded alone', () => {
  fc.assert(
    fc.property(records, fc.nat(50), fc.nat(50), (batch, from, to) => {
      const encoded = encode(batch, 5);
      const all = decode(encoded, 0, 100);
      expect(decode(encoded, from, to)).toEqual(all.filter(({ offset }) => offset >= from && offset < to));
    }),
  );
});

test('a changed byte anywhere is CORRUPT', () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (batch, position, change) => {
      const encoded = encode(batch, 5);
      encoded[position % encoded.length]! ^= change;
      expect(() => checkBatch(encoded, 't', 3, 5)).toThrow(/not what was written: record batch t-3@5/);
    }),
  );
});

test('a batch cut short is CORRUPT', () => {
  const encoded = encode([{ key: null, value: Buffer.from('v'), timestamp: 1, headers: [] }], 5);
  for (let length = 0; length < encoded.length; length++) {
    expect(() => checkBatch(encoded.subarray(0, length), 't', 3, 5)).toThrow(/not what was written/);
  }
});

test('a batch under the key of another is CORRUPT', () => {
  const encoded = encode([{ key: null, value: null, timestamp: 1, headers: [] }], 5);
  expect(() => checkBatch(encoded, 't', 3, 6)).toThrow('holds batch @5');
});

test('a small record costs a few bytes more than its key and value', () => {
  const batch = Array.from({ length: 100 }, (_, i) => ({
    key: Buffer.from('visitor'),
    value: Buffer.alloc(100),
    timestamp: 1_700_000_000_000 + i,
    headers: [],
  }));
  expect(encode(batch, 0).length).toBeLessThan(100 * (7 + 100 + 4) + 64);
});
