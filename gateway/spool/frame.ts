import { crc32 } from 'node:zlib';
import type { OutgoingRecord } from '../../streams/index.ts';

/*
 * A record on disk: length and CRC-32 of the payload, four bytes each, then the payload. All numbers big-endian. The
 * payload: timestamp (float64), topic, key, value, the number of headers (uint16), and name and value of each. A text
 * or a buffer is its length (int32, -1 for null) and its bytes.
 */
const HEAD = 8;
const NULL = -1;

export function encodeFrame(record: OutgoingRecord): Buffer {
  const topic = Buffer.from(record.topic);
  let size = HEAD + 8 + sizeOf(topic) + sizeOf(record.key) + sizeOf(record.value) + 2;
  for (const [name, value] of record.headers) size += 4 + Buffer.byteLength(name) + sizeOf(value);
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeDoubleBE(record.timestamp, HEAD);
  at = put(frame, topic, at);
  at = put(frame, record.key, at);
  at = put(frame, record.value, at);
  at = frame.writeUInt16BE(record.headers.length, at);
  for (const [name, value] of record.headers) {
    at = put(frame, Buffer.from(name), at);
    at = put(frame, value, at);
  }
  frame.writeUInt32BE(size - HEAD, 0);
  frame.writeUInt32BE(crc32(frame.subarray(HEAD)), 4);
  return frame;
}

export interface Frames {
  readonly records: readonly OutgoingRecord[];
  /** Bytes of `bytes` that they took. What follows is a frame cut off, or damage. */
  readonly taken: number;
}

/** The whole frames at the start of `bytes`, at most `limit` of them. The records share its memory. */
export function decodeFrames(bytes: Buffer, limit = Number.POSITIVE_INFINITY): Frames {
  const records: OutgoingRecord[] = [];
  let at = 0;
  while (records.length < limit && at + HEAD <= bytes.length) {
    const end = at + HEAD + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + HEAD, end);
    if (crc32(payload) !== bytes.readUInt32BE(at + 4)) break;
    const record = decodePayload(payload);
    if (record === undefined) break;
    records.push(record);
    at = end;
  }
  return { records, taken: at };
}

/** `undefined` for what was not written here, though its sum is right: zeros, or a file of someone else. */
function decodePayload(payload: Buffer): OutgoingRecord | undefined {
  try {
    const reader = new Reader(payload);
    const timestamp = reader.double();
    const topic = reader.buffer();
    const key = reader.buffer();
    const value = reader.buffer();
    const headers: [string, Buffer][] = [];
    for (let left = reader.count(); left > 0; left--) {
      const name = reader.buffer();
      const of = reader.buffer();
      if (name === null || of === null) return undefined;
      headers.push([name.toString(), of]);
    }
    return topic === null ? undefined : { topic: topic.toString(), key, value, timestamp, headers };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  double(): number {
    const value = this.#bytes.readDoubleBE(this.#at);
    this.#at += 8;
    return value;
  }

  count(): number {
    const value = this.#bytes.readUInt16BE(this.#at);
    this.#at += 2;
    return value;
  }

  buffer(): Buffer | null {
    const length = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    if (length === NULL) return null;
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('past the end of the frame');
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }
}

const sizeOf = (bytes: Buffer | null): number => 4 + (bytes?.length ?? 0);

function put(frame: Buffer, bytes: Buffer | null, at: number): number {
  if (bytes === null) return frame.writeInt32BE(NULL, at);
  const start = frame.writeInt32BE(bytes.length, at);
  bytes.copy(frame, start);
  return start + bytes.length;
}
