import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord, StoredRecord } from '../../log.ts';
import { crc32c } from './crc32c.ts';
import { BATCH_OVERHEAD, decodeBatch, encodeBatch, maxRecordSize, splitBatches } from './record-batch.ts';

const ORIGIN = { producerId: 2 ** 40 + 3, producerEpoch: 7, baseSequence: 99, transactional: true };

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((each) => Buffer.from(each));

const anyRecord: fc.Arbitrary<LogRecord> = fc.record({
  key: fc.option(bytes(80)),
  value: fc.option(bytes(9000)),
  timestamp: fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), bytes(80)), { maxLength: 3 }),
});

function decoded(range: Buffer, from = 0, to = Number.POSITIVE_INFINITY): StoredRecord[] {
  const records: StoredRecord[] = [];
  for (const batch of splitBatches(range, 't-3')) decodeBatch(batch, 't', 3, from, to, records);
  return records;
}

describe('a record batch', () => {
  test('gives back what was put in, whatever it is, and is no larger than foretold', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), (records) => {
        const batch = encodeBatch(records, ORIGIN);
        expect(decoded(batch)).toEqual(
          records.map((each, offset) => ({ ...each, topic: 't', partition: 3, offset })),
        );
        const foretold = records.reduce((sum, each) => sum + maxRecordSize(each), BATCH_OVERHEAD);
        expect(batch.length).toBeLessThanOrEqual(foretold);
      }),
    );
  });

  test('is what kafkajs writes for the same records', async () => {
    const require = createRequire(import.meta.url);
    const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0');
    const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
    const records: LogRecord[] = [
      { key: Buffer.from('k'), value: Buffer.alloc(300, 1), timestamp: 1_700_000_000_000, headers: [] },
      { key: null, value: null, timestamp: 1_700_000_000_500, headers: [['größe', Buffer.from('x')]] },
    ];
    const theirs = await RecordBatch({
      ...ORIGIN,
      producerEpoch: ORIGIN.producerEpoch,
      firstSequence: ORIGIN.baseSequence,
      // What a producer writes as leader epoch is not covered by the checksum; the broker sets it.
      partitionLeaderEpoch: -1,
      firstTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_500,
      lastOffsetDelta: 1,
      records: records.map((each, offsetDelta) =>
        kafkajsRecord({
          ...each,
          offsetDelta,
          timestampDelta: each.timestamp - 1_700_000_000_000,
          headers: Object.fromEntries(each.headers),
        }),
      ),
    });
    const ours = encodeBatch(records, ORIGIN);
    expect(ours.subarray(16)).toEqual(theirs.buffer.subarray(16));
  });

  test('gives only the offsets asked for', () => {
    const batch = encodeBatch(
      Array.from({ length: 9 }, (_, i) => ({
        key: null,
        value: Buffer.from([i]),
        timestamp: i,
        headers: [],
      })),
      ORIGIN,
    );
    batch.writeBigInt64BE(100n, 0);
    expect(decoded(batch, 103, 106).map(({ offset }) => offset)).toEqual([103, 104, 105]);
  });

  test('cut short at the end of a range is left for the next fetch', () => {
    const batch = encodeBatch([{ key: null, value: Buffer.alloc(100), timestamp: 0, headers: [] }], ORIGIN);
    for (const cut of [1, 50, batch.length - 1]) {
      expect(decoded(Buffer.concat([batch, batch.subarray(0, cut)]))).toHaveLength(1);
    }
  });

  test('that was changed in any bit is CORRUPT', () => {
    const batch = encodeBatch([{ key: null, value: Buffer.alloc(40), timestamp: 0, headers: [] }], ORIGIN);
    for (let at = 21; at < batch.length; at++) {
      const changed = Buffer.from(batch);
      changed[at]! ^= 1 << (at % 8);
      expect(() => decoded(changed), `byte ${at}`).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
    }
  });

  test('of another producer may be compressed with gzip', () => {
    const record = { key: null, value: Buffer.alloc(500, 'x'), timestamp: 5, headers: [] };
    const plain = encodeBatch([record], ORIGIN);
    const packed = Buffer.concat([
      plain.subarray(0, BATCH_OVERHEAD),
      gzipSync(plain.subarray(BATCH_OVERHEAD)),
    ]);
    packed.writeInt32BE(packed.length - 12, 8);
    packed.writeInt16BE(packed.readInt16BE(21) | 1, 21);
    packed.writeUInt32BE(crc32c(packed, 21), 17);
    expect(decoded(packed)).toEqual([{ ...record, topic: 't', partition: 3, offset: 0 }]);
  });
});

test('CRC-32C of the standard’s check value', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.from('x123456789y'), 1, 10)).toBe(0xe3069283);
});

test('CRC-32C of any bytes, wherever they lie, is what it is bit by bit', () => {
  const bitByBit = (bytes: Buffer): number => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0x82f63b78 ^ (crc >>> 1) : crc >>> 1;
    }
    return ~crc >>> 0;
  };
  fc.assert(
    fc.property(bytes(200), fc.nat({ max: 20 }), fc.nat({ max: 20 }), (whole, from, less) => {
      const to = Math.max(from, whole.length - less);
      expect(crc32c(whole, from, to)).toBe(bitByBit(whole.subarray(from, to)));
    }),
  );
});
