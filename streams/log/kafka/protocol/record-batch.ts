import { LogError } from '../../errors.ts';
import { type Headers, type LogRecord, NO_HEADERS, type StoredRecord } from '../../log.ts';
import { decompress } from './compression.ts';
import { crc32c } from './crc32c.ts';
import { VarintReader, varintLength, writeVarint } from './varint.ts';
import { readInt64, writeInt64 } from './writer.ts';

/*
 * Kafka's record batch, format 2. Source: https://kafka.apache.org/documentation/#recordbatch
 *
 *  0 baseOffset int64 | 8 length int32, of what follows | 12 leader epoch int32 | 16 magic int8 | 17 crc-32c uint32,
 *  of what follows | 21 attributes int16 | 23 last offset delta int32 | 27 base timestamp int64 | 35 max timestamp
 *  int64 | 43 producer id int64 | 51 producer epoch int16 | 53 base sequence int32 | 57 count int32 | 61 records
 *
 * A record: length varint | attributes int8 | timestamp delta | offset delta | key length, key | value length, value
 * | header count, each: name length, name, value length, value (all varints; length -1 is null).
 */
export const BATCH_OVERHEAD = 61;
const MAGIC = 2;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export interface BatchOrigin {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
}

/** Most bytes a record can take in a batch. */
export function maxRecordSize({ key, value, headers }: LogRecord): number {
  let size = 32 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, content] of headers) size += 10 + Buffer.byteLength(name) + content.length;
  return size;
}

/** At least one record. */
export function encodeBatch(records: readonly LogRecord[], origin: BatchOrigin): Buffer {
  const baseTimestamp = records[0]?.timestamp ?? 0;
  let maxTimestamp = baseTimestamp;
  let total = BATCH_OVERHEAD;
  const sizes = new Array<number>(records.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp;
    const size = recordSize(record, record.timestamp - baseTimestamp, i);
    sizes[i] = size;
    total += varintLength(size) + size;
  }
  const buffer = Buffer.allocUnsafe(total);
  writeInt64(buffer, 0, 0);
  buffer.writeInt32BE(total - 12, 8);
  buffer.writeInt32BE(-1, 12);
  buffer[16] = MAGIC;
  buffer.writeInt16BE(origin.transactional ? TRANSACTIONAL : 0, 21);
  buffer.writeInt32BE(records.length - 1, 23);
  writeInt64(buffer, baseTimestamp, 27);
  writeInt64(buffer, maxTimestamp, 35);
  writeInt64(buffer, origin.producerId, 43);
  buffer.writeInt16BE(origin.producerEpoch, 51);
  buffer.writeInt32BE(origin.baseSequence, 53);
  buffer.writeInt32BE(records.length, 57);
  let at = BATCH_OVERHEAD;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    at = writeRecord(buffer, writeVarint(buffer, sizes[i]!, at), record, record.timestamp - baseTimestamp, i);
  }
  buffer.writeUInt32BE(crc32c(buffer, 21), 17);
  return buffer;
}

function recordSize({ key, value, headers }: LogRecord, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + varintLength(timestampDelta) + varintLength(offsetDelta) + varintLength(headers.length);
  size += key === null ? 1 : varintLength(key.length) + key.length;
  size += value === null ? 1 : varintLength(value.length) + value.length;
  for (const [name, content] of headers) {
    const length = Buffer.byteLength(name);
    size += varintLength(length) + length + varintLength(content.length) + content.length;
  }
  return size;
}

function writeRecord(
  buffer: Buffer,
  from: number,
  { key, value, headers }: LogRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  buffer[from] = 0;
  let at = writeVarint(buffer, timestampDelta, from + 1);
  at = writeVarint(buffer, offsetDelta, at);
  at = writeBytes(buffer, key, at);
  at = writeBytes(buffer, value, at);
  at = writeVarint(buffer, headers.length, at);
  for (const [name, content] of headers) {
    at = writeVarint(buffer, Buffer.byteLength(name), at);
    at += buffer.write(name, at);
    at = writeBytes(buffer, content, at);
  }
  return at;
}

function writeBytes(buffer: Buffer, bytes: Buffer | null, at: number): number {
  if (bytes === null) return writeVarint(buffer, -1, at);
  const start = writeVarint(buffer, bytes.length, at);
  buffer.set(bytes, start);
  return start + bytes.length;
}

/** A batch as it lies in the log, its records still encoded. */
export interface StoredBatch {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly producerId: number;
  readonly transactional: boolean;
  /** Set on the batch that ends a transaction; it holds no records of anyone. */
  readonly marker: 'commit' | 'abort' | undefined;
}

/** The whole batches of a fetched range; its last one may be cut short and is left out. */
export function splitBatches(range: Buffer, where: string): StoredBatch[] {
  const batches: StoredBatch[] = [];
  for (let at = 0; at + BATCH_OVERHEAD <= range.length; ) {
    const end = at + 12 + range.readInt32BE(at + 8);
    if (end > range.length) break;
    const bytes = range.subarray(at, end);
    if (bytes[16] !== MAGIC)
      throw new LogError('CORRUPT', `record batch of ${where} has format ${bytes[16]}`);
    if (bytes.readUInt32BE(17) !== crc32c(bytes, 21)) {
      throw new LogError('CORRUPT', `record batch of ${where}@${readInt64(bytes, 0)} fails its checksum`);
    }
    const attributes = bytes.readInt16BE(21);
    const baseOffset = readInt64(bytes, 0);
    batches.push({
      bytes,
      baseOffset,
      lastOffset: baseOffset + bytes.readInt32BE(23),
      producerId: readInt64(bytes, 43),
      transactional: (attributes & TRANSACTIONAL) !== 0,
      marker: (attributes & CONTROL) === 0 ? undefined : markerOf(bytes),
    });
    at = end;
  }
  return batches;
}

/** The key of a control record is its version and type: 0 aborts, 1 commits. */
function markerOf(bytes: Buffer): 'commit' | 'abort' {
  const reader = new VarintReader(bytes, BATCH_OVERHEAD);
  reader.next();
  reader.position++;
  reader.next();
  reader.next();
  reader.next();
  return bytes.readInt16BE(reader.position + 2) === 1 ? 'commit' : 'abort';
}

/**
 * Appends the records with `from` <= offset < `to` to `out`. Keys, values and headers are views of the batch: one
 * that is kept keeps the whole batch in memory.
 */
export function decodeBatch(
  { bytes, baseOffset }: StoredBatch,
  topic: string,
  partition: number,
  from: number,
  to: number,
  out: StoredRecord[],
): void {
  const attributes = bytes.readInt16BE(21);
  const stamped = (attributes & LOG_APPEND_TIME) !== 0 ? readInt64(bytes, 35) : undefined;
  const baseTimestamp = readInt64(bytes, 27);
  const count = bytes.readInt32BE(57);
  const codec = attributes & COMPRESSION;
  const records = codec === 0 ? bytes : decompress(codec, bytes.subarray(BATCH_OVERHEAD), topic);
  const reader = new VarintReader(records, codec === 0 ? BATCH_OVERHEAD : 0);
  for (let i = 0; i < count; i++) {
    const length = reader.next();
    const end = reader.position + length;
    if (!(end <= records.length)) {
      throw new LogError('CORRUPT', `record batch ${topic}-${partition}@${baseOffset} is cut short`);
    }
    reader.position++;
    const timestampDelta = reader.next();
    const offset = baseOffset + reader.next();
    if (offset >= from && offset < to) {
      out.push({
        topic,
        partition,
        offset,
        key: readBytes(records, reader),
        value: readBytes(records, reader),
        timestamp: stamped ?? baseTimestamp + timestampDelta,
        headers: readHeaders(records, reader),
      });
    }
    reader.position = end;
  }
}

function readBytes(buffer: Buffer, reader: VarintReader): Buffer | null {
  const length = reader.next();
  if (length < 0) return null;
  const start = reader.position;
  reader.position += length;
  return buffer.subarray(start, reader.position);
}

function readHeaders(buffer: Buffer, reader: VarintReader): Headers {
  const count = reader.next();
  if (count === 0) return NO_HEADERS;
  const headers: [string, Buffer][] = [];
  for (let i = 0; i < count; i++) {
    const name = readBytes(buffer, reader)?.toString() ?? '';
    headers.push([name, readBytes(buffer, reader) ?? Buffer.alloc(0)]);
  }
  return headers;
}
