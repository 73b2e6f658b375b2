/**
 * The key space of the one RocksDB column family. One, because rocksdb-native binds a write batch to a column
 * family, and a commit must be one batch; it also lets RocksDB drop a write-ahead log file as soon as a single
 * memtable is flushed. The first byte names the region, so that each is one contiguous range.
 */
const META = 1;
const BATCH = 2;
const STATE = 3;

const TWO_32 = 2 ** 32;

export function writeUint64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32BE(Math.floor(value / TWO_32), at);
  buffer.writeUInt32BE(value % TWO_32, at + 4);
}

export function readUint64(buffer: Buffer, at: number): number {
  return buffer.readUInt32BE(at) * TWO_32 + buffer.readUInt32BE(at + 4);
}

/** Of the batch whose first record has this offset. */
export function batchKey(topicId: number, partition: number, baseOffset: number): Buffer {
  const key = Buffer.allocUnsafe(17);
  key[0] = BATCH;
  key.writeUInt32BE(topicId, 1);
  key.writeUInt32BE(partition, 5);
  writeUint64(key, baseOffset, 9);
  return key;
}

export function baseOffsetOf(batchKey: Buffer): number {
  return readUint64(batchKey, 9);
}

export function stateKey(storeId: number, key: Buffer): Buffer {
  const full = Buffer.allocUnsafe(5 + key.length);
  full[0] = STATE;
  full.writeUInt32BE(storeId, 1);
  full.set(key, 5);
  return full;
}

export function withoutStatePrefix(full: Buffer): Buffer {
  return full.subarray(5);
}

export type MetaKind = 'format' | 'topic' | 'store' | 'offset' | 'erase';

const LETTER: Record<MetaKind, string> = { format: 'f', topic: 't', store: 's', offset: 'o', erase: 'e' };

export function metaKey(kind: MetaKind, ...parts: readonly (string | number)[]): Buffer {
  return Buffer.from(`${String.fromCharCode(META)}${LETTER[kind]}${JSON.stringify(parts)}`);
}

/** Bounds of all keys of one kind. */
export function metaRange(kind: MetaKind): { gte: Buffer; lt: Buffer } {
  const gte = Buffer.from(`${String.fromCharCode(META)}${LETTER[kind]}`);
  const lt = Buffer.from(gte);
  lt[1]!++;
  return { gte, lt };
}
