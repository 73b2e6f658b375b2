import { crc32 } from 'node:zlib';
import { LogError } from '../errors.ts';
import { type Headers, type LogRecord, NO_HEADERS, type StoredRecord } from '../log.ts';
import { readUint64, writeUint64 } from './keys.ts';
import { VarintReader, varintLength, writeVarint } from './varint.ts';

/*
 * A record batch, the value under one batch key:
 *
 *   0  u8   format version
 *   1  u32  CRC-32 of everything after it
 *   5  u64  base offset, again: a value under the wrong key must not pass
 *  13  u32  records
 *  17  u64  base timestamp: the least in the batch, so that deltas are unsigned
 *  25  u64  greatest timestamp of the partition up to and with this batch: monotone, so offsetsAt can bisect
 *  33  u64  wall clock when written, monotone too: retention bisects by it, because a producer's clock must
 *           neither keep records for ever nor delete them at once
 *  41  records: varint key length + 1 (0: null), varint value length + 1 (0: null), varint timestamp delta,
 *      varint headers, then per header varint length, name, varint length, value; then key and value.
 *
 * In a sparse batch, which compaction leaves, each record is preceded by the varint distance of its offset from the
 * base, and the number at 13 is that of the offsets the batch stands for, of which any may have no record.
 */
const FORMAT = 1;
const SPARSE_FORMAT = 2;
const HEADER = 41;

export interface BatchInfo {
  readonly baseOffset: number;
  /** Of offsets it stands for: the next batch begins after them. */
  readonly count: number;
  readonly maxTimestamp: number;
  readonly writtenAt: number;
}

/** Bytes the record takes in a batch, at most. */
export function encodedSize(record: LogRecord): number {
  let size = 8 + lengthOf(record.key) + lengthOf(record.value) + varintLength(record.headers.length);
  for (const [name, value] of record.headers) {
    const nameLength = Buffer.byteLength(name);
    size += varintLength(nameLength) + nameLength + varintLength(value.length) + value.length;
  }
  return size;
}

function lengthOf(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintLength(bytes.length + 1) + bytes.length;
}

/** `size` is the sum of the records' `encodedSize`. */
export function encodeBatch(
  records: readonly LogRecord[],
  size: number,
  info: Omit<BatchInfo, 'count'>,
): Buffer {
  let baseTimestamp = Number.MAX_SAFE_INTEGER;
  for (const { timestamp } of records) if (timestamp < baseTimestamp) baseTimestamp = timestamp;
  const buffer = Buffer.allocUnsafe(HEADER + size);
  let at = HEADER;
  for (const record of records) at = writeRecord(buffer, record, baseTimestamp, at);
  const batch = buffer.subarray(0, at);
  writeHeader(batch, FORMAT, baseTimestamp, { ...info, count: records.length });
  return batch;
}

/** `records`: in order, each of an offset that the batch stands for. */
export function encodeSparseBatch(records: readonly StoredRecord[], info: BatchInfo): Buffer {
  let size = HEADER;
  for (const record of records) size += encodedSize(record) + varintLength(record.offset - info.baseOffset);
  const baseTimestamp = records.reduce(
    (least, { timestamp }) => Math.min(least, timestamp),
    info.maxTimestamp,
  );
  const buffer = Buffer.allocUnsafe(size);
  let at = HEADER;
  for (const record of records) {
    at = writeVarint(buffer, record.offset - info.baseOffset, at);
    at = writeRecord(buffer, record, baseTimestamp, at);
  }
  const batch = buffer.subarray(0, at);
  writeHeader(batch, SPARSE_FORMAT, baseTimestamp, info);
  return batch;
}

function writeRecord(buffer: Buffer, record: LogRecord, baseTimestamp: number, start: number): number {
  const { key, value, timestamp, headers } = record;
  let at = writeVarint(buffer, key === null ? 0 : key.length + 1, start);
  at = writeVarint(buffer, value === null ? 0 : value.length + 1, at);
  at = writeVarint(buffer, timestamp - baseTimestamp, at);
  at = writeVarint(buffer, headers.length, at);
  if (headers.length > 0) at = writeHeaders(buffer, headers, at);
  if (key !== null) {
    buffer.set(key, at);
    at += key.length;
  }
  if (value !== null) {
    buffer.set(value, at);
    at += value.length;
  }
  return at;
}

function writeHeader(batch: Buffer, format: number, baseTimestamp: number, info: BatchInfo): void {
  batch[0] = format;
  writeUint64(batch, info.baseOffset, 5);
  batch.writeUInt32BE(info.count, 13);
  writeUint64(batch, baseTimestamp, 17);
  writeUint64(batch, info.maxTimestamp, 25);
  writeUint64(batch, info.writtenAt, 33);
  batch.writeUInt32BE(crc32(batch.subarray(5)), 1);
}

function writeHeaders(buffer: Buffer, headers: Headers, start: number): number {
  let at = start;
  for (const [name, value] of headers) {
    const nameLength = Buffer.byteLength(name);
    at = writeVarint(buffer, nameLength, at);
    at += buffer.write(name, at);
    at = writeVarint(buffer, value.length, at);
    buffer.set(value, at);
    at += value.length;
  }
  return at;
}

/** Throws `CORRUPT`, naming the batch, unless the bytes are what was written under this key. */
export function checkBatch(batch: Buffer, topic: string, partition: number, baseOffset: number): void {
  const fault = faultOf(batch, baseOffset);
  if (fault === undefined) return;
  throw new LogError('CORRUPT', `record batch ${topic}-${partition}@${baseOffset} ${fault}`);
}

function faultOf(batch: Buffer, baseOffset: number): string | undefined {
  if (batch.length < HEADER) return `is cut short at ${batch.length} bytes`;
  if (batch[0] !== FORMAT && batch[0] !== SPARSE_FORMAT) return `has format ${batch[0]}, which is unknown`;
  if (batch.readUInt32BE(1) !== crc32(batch.subarray(5))) return 'fails its checksum';
  const claimed = readUint64(batch, 5);
  return claimed === baseOffset ? undefined : `holds batch @${claimed}`;
}

/** What the header says; of bytes too short for one, nothing. */
export function batchInfo(batch: Buffer): BatchInfo {
  if (batch.length < HEADER) return { baseOffset: 0, count: 0, maxTimestamp: 0, writtenAt: 0 };
  return {
    baseOffset: readUint64(batch, 5),
    count: batch.readUInt32BE(13),
    maxTimestamp: readUint64(batch, 25),
    writtenAt: readUint64(batch, 33),
  };
}

/**
 * Appends the records with `from` <= offset < `to` to `out`. Keys, values and headers are views of the batch: one
 * that is kept keeps the whole batch in memory.
 */
export function decodeBatch(
  batch: Buffer,
  topic: string,
  partition: number,
  from: number,
  to: number,
  out: StoredRecord[],
): void {
  const baseOffset = readUint64(batch, 5);
  const end = Math.min(to, baseOffset + batch.readUInt32BE(13));
  const baseTimestamp = readUint64(batch, 17);
  const reader = new VarintReader(batch, HEADER);
  const isSparse = batch[0] === SPARSE_FORMAT;
  for (let offset = baseOffset; offset < end; offset++) {
    if (isSparse) {
      if (reader.position >= batch.length) return;
      offset = baseOffset + reader.next();
      if (offset >= end) return;
    }
    const keyLength = reader.next() - 1;
    const valueLength = reader.next() - 1;
    const timestamp = baseTimestamp + reader.next();
    const headerCount = reader.next();
    const headers = headerCount === 0 ? NO_HEADERS : readHeaders(batch, reader, headerCount);
    const keyAt = reader.position;
    const valueAt = keyLength > 0 ? keyAt + keyLength : keyAt;
    reader.position = valueLength > 0 ? valueAt + valueLength : valueAt;
    if (!(reader.position <= batch.length)) {
      throw new LogError('CORRUPT', `record ${topic}-${partition}@${offset} reaches past its batch`);
    }
    if (offset < from) continue;
    out.push({
      topic,
      partition,
      offset,
      key: keyLength < 0 ? null : batch.subarray(keyAt, keyAt + keyLength),
      value: valueLength < 0 ? null : batch.subarray(valueAt, valueAt + valueLength),
      timestamp,
      headers,
    });
  }
}

function readHeaders(batch: Buffer, reader: VarintReader, count: number): Headers {
  const headers: [string, Buffer][] = [];
  for (let i = 0; i < count; i++) {
    const nameLength = reader.next();
    const nameAt = reader.position;
    reader.position += nameLength;
    const valueLength = reader.next();
    const valueAt = reader.position;
    reader.position += valueLength;
    if (!(reader.position <= batch.length)) break;
    headers.push([
      batch.toString('utf8', nameAt, nameAt + nameLength),
      batch.subarray(valueAt, reader.position),
    ]);
  }
  return headers;
}
