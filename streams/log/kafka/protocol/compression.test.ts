import { gzipSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZstd } from './codecs/zstd.ts';
import { decompress } from './compression.ts';

const PLAIN = Buffer.alloc(300_000);

/** What the `zstd` command makes of them. */
const ZSTD = Buffer.from('28b52ffd04585400001000000100fbff39c00202001000039f04002d28de26', 'hex');

function xerial(plain: Buffer, blockSize: number): Buffer {
  const parts: Buffer[] = [Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1')];
  for (let at = 0; at < plain.length; at += blockSize) {
    const block = compressSync(plain.subarray(at, at + blockSize));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

const FORMS = [
  ['gzip', 1, gzipSync(PLAIN)],
  ['snappy, one raw block', 2, compressSync(PLAIN)],
  ['snappy, blocks as Java writes them', 2, xerial(PLAIN, 32 * 1024)],
  ['lz4', 3, compressFrameSync(PLAIN)],
  ['lz4 with checksums', 3, compressFrameSync(PLAIN, { contentChecksum: true, blockChecksums: true })],
  ['zstd', 4, ZSTD],
] as const;

beforeAll(prepareZstd);

describe.each(FORMS)('a batch compressed with %s', (_, codec, packed) => {
  test('becomes what it was', () => {
    expect(decompress(codec, packed, 't').equals(PLAIN)).toBe(true);
  });

  test('may lie anywhere in a larger buffer', () => {
    const range = Buffer.concat([Buffer.alloc(61, 7), packed, Buffer.alloc(9, 7)]);
    expect(decompress(codec, range.subarray(61, 61 + packed.length), 't').equals(PLAIN)).toBe(true);
  });

  test('is CORRUPT where it would become more than is allowed', () => {
    expect(() => decompress(codec, packed, 't', 299_999)).toThrow(
      expect.objectContaining({ code: 'CORRUPT' }),
    );
    expect(decompress(codec, packed, 't', 524_288)).toHaveLength(300_000);
  });

  test('is CORRUPT where it is cut short, or other bytes', () => {
    const damaged = [
      packed.subarray(0, packed.length - 1),
      packed.subarray(0, packed.length >> 1),
      packed.subarray(0, 3),
      Buffer.alloc(0),
      Buffer.alloc(200, 0xff),
      Buffer.concat([packed.subarray(0, 20), Buffer.alloc(100, 0xff)]),
    ];
    for (const bytes of damaged) {
      expect(() => decompress(codec, bytes, 't'), `${bytes.length} bytes`).toThrow(
        expect.objectContaining({ code: 'CORRUPT' }),
      );
    }
    expect(decompress(codec, packed, 't').equals(PLAIN)).toBe(true);
  });
});

test('a snappy block that claims to become gigabytes is refused before they are allocated', () => {
  const liar = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.alloc(100)]);
  expect(() => decompress(2, liar, 't')).toThrow(
    expect.objectContaining({
      cause: expect.objectContaining({ message: expect.stringContaining('allowed') }),
    }),
  );
});

test('a codec that Kafka does not have is UNSUPPORTED, by its number', () => {
  for (const codec of [5, 6, 7]) {
    expect(() => decompress(codec, PLAIN, 'orders')).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: expect.stringContaining(`topic orders has records compressed with codec number ${codec}`),
      }),
    );
  }
});
