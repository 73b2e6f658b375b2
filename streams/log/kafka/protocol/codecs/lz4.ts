import { createRequire } from 'node:module';
import type { Codec } from '../compression.ts';

/** Native code, loaded only where a topic needs it. */
const require = createRequire(import.meta.url);

/** An LZ4 frame. */
export const lz4: Codec = {
  name: 'lz4',
  load() {
    const { decompressFrameSync }: typeof import('lz4-napi') = require('lz4-napi');
    return (bytes, limit) => {
      const most = mostBytesOf(bytes);
      if (most > limit) throw new RangeError(`a frame of up to ${most} bytes, allowed are ${limit}`);
      return decompressFrameSync(bytes);
    };
  },
};

const MAGIC = 0x184d2204;
const DICTIONARY_ID = 0x01;
const CONTENT_SIZE = 0x08;
const BLOCK_CHECKSUMS = 0x10;
const UNCOMPRESSED = 0x80000000;
/** One byte can stand for no more. */
const GREATEST_RATIO = 255;

/**
 * What a frame becomes at most, by the lengths of its blocks: the library takes no limit.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
function mostBytesOf(frame: Buffer): number {
  if (frame.readUInt32LE(0) !== MAGIC) throw new RangeError('not an LZ4 frame');
  const flags = frame.readUInt8(4);
  const blockMax = 2 ** (8 + 2 * ((frame.readUInt8(5) >> 4) & 7));
  const trailer = (flags & BLOCK_CHECKSUMS) === 0 ? 0 : 4;
  let at = 7 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + ((flags & DICTIONARY_ID) === 0 ? 0 : 4);
  let most = 0;
  for (;;) {
    const word = frame.readUInt32LE(at);
    if (word === 0) return most;
    const length = word % UNCOMPRESSED;
    most += Math.min(blockMax, length * GREATEST_RATIO);
    at += 4 + length + trailer;
  }
}
