import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeFrames } from './frame.ts';

/** A place in the spool: the byte `offset` of segment `segment`. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

export interface Segment {
  readonly number: number;
  readonly path: string;
  /** Bytes of whole frames; what a reader may read. */
  bytes: number;
  /** Those not taken yet. */
  records: number;
  /** Whether there is something behind them that cannot be read. */
  damaged: boolean;
}

const NAME = /^(\d{10})\.spool$/;

export const segmentPath = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(10, '0')}.spool`);

/** The segments in order, checked from `start` on. A frame cut off at the end of the last one was never acknowledged,
 * so it is cut away; anything else that cannot be read is left where it is. */
export async function findSegments(directory: string, start: Position): Promise<Segment[]> {
  const numbers = (await readdir(directory)).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  numbers.sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (const number of numbers) {
    const path = segmentPath(directory, number);
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      const from = number === start.segment ? Math.min(start.offset, size) : 0;
      const whole = await countFrames(file, from);
      const isTorn = whole.end < size && number === numbers.at(-1);
      if (isTorn) {
        await file.truncate(whole.end);
        await file.datasync();
      }
      segments.push({
        number,
        path,
        bytes: whole.end,
        records: whole.records,
        damaged: whole.end < size && !isTorn,
      });
    } finally {
      await file.close();
    }
  }
  return segments;
}

async function countFrames(file: FileHandle, from: number): Promise<{ records: number; end: number }> {
  let end = from;
  let records = 0;
  for (;;) {
    const bytes = await readFrames(file, end, READ_BYTES, Number.POSITIVE_INFINITY);
    const frames = decodeFrames(bytes);
    if (frames.taken === 0) return { records, end };
    end += frames.taken;
    records += frames.records.length;
  }
}

const READ_BYTES = 1024 * 1024;

/** About `wanted` bytes from `offset` on, and before `end`; more if the first frame is longer than that. */
export async function readFrames(
  file: FileHandle,
  offset: number,
  wanted: number,
  end: number,
): Promise<Buffer> {
  const bytes = await read(file, offset, Math.min(wanted, end - offset));
  if (bytes.length < 4) return bytes;
  const first = 8 + bytes.readUInt32BE(0);
  if (first <= bytes.length) return bytes;
  const { size } = await file.stat();
  // A length that was never written must not be allocated.
  return offset + first > Math.min(size, end) ? bytes : read(file, offset, first);
}

async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const PROGRESS_BYTES = 16;

/** How far the log has the spool. Not synced: after a power cut it may be an old one, and what it names again is
 * recognised downstream by its messageId. */
export class Progress {
  readonly #file: FileHandle;

  static async open(
    directory: string,
  ): Promise<{ readonly progress: Progress; readonly position: Position }> {
    const file = await open(join(directory, 'progress'), 'a+').then(async (created) => {
      await created.close();
      return open(join(directory, 'progress'), 'r+');
    });
    const bytes = await read(file, 0, PROGRESS_BYTES);
    const isWhole =
      bytes.length === PROGRESS_BYTES && bytes.readUInt32BE(12) === crc32(bytes.subarray(0, 12));
    const position = isWhole
      ? { segment: bytes.readUInt32BE(0), offset: bytes.readDoubleBE(4) }
      : { segment: 0, offset: 0 };
    return { progress: new Progress(file), position };
  }

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  async note({ segment, offset }: Position): Promise<void> {
    const bytes = Buffer.alloc(PROGRESS_BYTES);
    bytes.writeUInt32BE(segment, 0);
    bytes.writeDoubleBE(offset, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 12)), 12);
    await this.#file.write(bytes, 0, PROGRESS_BYTES, 0);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
