import { createRequire } from 'node:module';
import type { Codec, Decompress } from '../compression.ts';

/** Native code, loaded only where a topic needs it. */
const require = createRequire(import.meta.url);

/** What Java's producers write first: `\x82SNAPPY\0`, then two version numbers of 32 bits. */
const XERIAL_MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1');
const XERIAL_HEADER = XERIAL_MAGIC.length + 8;

/**
 * Snappy as Kafka's clients write it: Java's in blocks, each behind its length in 32 bits (xerial's snappy-java);
 * others as one raw block.
 */
export const snappy: Codec = {
  name: 'snappy',
  load() {
    const { uncompressSync }: typeof import('snappy') = require('snappy');
    const unsnappyBlock: Decompress = (block, limit) => {
      const length = lengthOf(block);
      if (length > limit) throw new RangeError(`a block of ${length} bytes, allowed are ${limit}`);
      return Buffer.from(uncompressSync(block, { asBuffer: true }));
    };
    return (bytes, limit) =>
      bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)
        ? unsnappyBlocks(bytes, limit, unsnappyBlock)
        : unsnappyBlock(bytes, limit);
  },
};

function unsnappyBlocks(bytes: Buffer, limit: number, unsnappyBlock: Decompress): Buffer {
  const blocks: Buffer[] = [];
  let size = 0;
  for (let at = XERIAL_HEADER; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new RangeError(`the block at ${at} is cut short`);
    const block = unsnappyBlock(bytes.subarray(at + 4, end), limit - size);
    size += block.length;
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks, size);
}

/** The varint that a raw block begins with: what it becomes, which the library allocates before it decodes. */
function lengthOf(block: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block.readUInt8(at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return length;
  }
  throw new RangeError('a length of more than 32 bits');
}
