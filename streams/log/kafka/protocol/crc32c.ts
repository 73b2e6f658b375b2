import { endianness } from 'node:os';

/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches, sixteen bytes a step ("slicing by sixteen"): the table
 * `k` is at `256 * k`, and says what a byte does to the checksum that `k` more bytes follow.
 */
const TABLES = makeTables();
/** Words can be read as they lie in memory. */
const BY_WORDS = endianness() === 'LE';

/** An unsigned 32-bit number. */
export function crc32c(bytes: Buffer, from = 0, to = bytes.length): number {
  const t = TABLES;
  let crc = -1;
  let i = from;
  // Words have to lie on a multiple of four.
  for (; i < to && ((bytes.byteOffset + i) & 3) !== 0; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  const steps = BY_WORDS ? (to - i) >> 4 : 0;
  if (steps > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, 4 * steps);
    for (let at = 0; at < words.length; at += 4) {
      const a = crc ^ words[at]!;
      const b = words[at + 1]!;
      const c = words[at + 2]!;
      const d = words[at + 3]!;
      crc =
        t[0xf00 + (a & 0xff)]! ^
        t[0xe00 + ((a >>> 8) & 0xff)]! ^
        t[0xd00 + ((a >>> 16) & 0xff)]! ^
        t[0xc00 + (a >>> 24)]! ^
        t[0xb00 + (b & 0xff)]! ^
        t[0xa00 + ((b >>> 8) & 0xff)]! ^
        t[0x900 + ((b >>> 16) & 0xff)]! ^
        t[0x800 + (b >>> 24)]! ^
        t[0x700 + (c & 0xff)]! ^
        t[0x600 + ((c >>> 8) & 0xff)]! ^
        t[0x500 + ((c >>> 16) & 0xff)]! ^
        t[0x400 + (c >>> 24)]! ^
        t[0x300 + (d & 0xff)]! ^
        t[0x200 + ((d >>> 8) & 0xff)]! ^
        t[0x100 + ((d >>> 16) & 0xff)]! ^
        t[d >>> 24]!;
    }
    i += 16 * steps;
  }
  for (; i < to; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0x82f63b78 ^ (crc >>> 1) : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = tables[before & 0xff]! ^ (before >>> 8);
  }
  return tables;
}
