import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingRecord } from '../../streams/index.ts';
import { SpoolError } from './errors.ts';
import { decodeFrames, encodeFrame } from './frame.ts';
import { type Lock, lockDirectory } from './lock.ts';
import { findSegments, type Position, Progress, readFrames, type Segment, segmentPath } from './segments.ts';

export interface SpoolOptions {
  readonly directory: string;
  /** Of all segment files together; above it `append` rejects with SPOOL_FULL. */
  readonly maxBytes: number;
  /** After so many bytes a new segment is begun: space is given back a segment at a time. */
  readonly segmentBytes?: number | undefined;
  /** How a segment's bytes get to disk. Left out: as they should. */
  readonly disk?: Disk | undefined;
}

export interface Disk {
  write(file: FileHandle, bytes: Buffer, position: number): Promise<void>;
  sync(file: FileHandle): Promise<void>;
}

interface ResolvedOptions extends SpoolOptions {
  readonly segmentBytes: number;
  readonly disk: Disk;
}

export interface SpoolBatch {
  readonly records: readonly OutgoingRecord[];
  /** Where what follows them begins. */
  readonly end: Position;
}

const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

const DISK: Disk = {
  write: async (file, bytes, position) => {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  },
  sync: (file) => file.datasync(),
};

interface Waiting {
  readonly frames: readonly Buffer[];
  readonly bytes: number;
  resolve(end: Position): void;
  reject(error: SpoolError): void;
}

/**
 * Records on disk that the log has not taken yet, in order: appended at one end, taken at the other. Segment files of
 * frames (`frame.ts`), of which the last is written and the first is read; a segment is deleted once all of it was
 * taken. Appends made while a write is under way share the next write and its `fdatasync`.
 */
export class Spool {
  readonly #options: ResolvedOptions;
  readonly #lock: Lock;
  readonly #progress: Progress;
  /** In order; the last is the one written to, if `#file` is open. */
  readonly #segments: Segment[];
  #file: FileHandle | undefined;
  #reader: { readonly number: number; readonly file: FileHandle } | undefined;
  #head: Position;
  #nextNumber: number;
  #headTimestamp: number | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;

  /** Takes up what an earlier process left. Rejects with SPOOL_LOCKED while another one has the directory. */
  static async open(given: SpoolOptions): Promise<Spool> {
    const options = {
      ...given,
      segmentBytes: given.segmentBytes ?? Math.min(DEFAULT_SEGMENT_BYTES, Math.ceil(given.maxBytes / 8)),
      disk: given.disk ?? DISK,
    };
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const lock = await lockDirectory(options.directory);
    try {
      const { progress, position } = await Progress.open(options.directory);
      const segments = await findSegments(options.directory, position);
      const spool = new Spool(options, lock, progress, position, segments);
      await spool.#dropTaken();
      await spool.peek(0);
      return spool;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private constructor(
    options: ResolvedOptions,
    lock: Lock,
    progress: Progress,
    position: Position,
    segments: Segment[],
  ) {
    this.#options = options;
    this.#lock = lock;
    this.#progress = progress;
    this.#segments = segments;
    this.#nextNumber = Math.max(position.segment, segments.at(-1)?.number ?? 0) + 1;
    const first = segments[0];
    this.#head =
      first === undefined || first.number === position.segment
        ? position
        : { segment: first.number, offset: 0 };
  }

  /** Records not taken yet. */
  get records(): number {
    return this.#segments.reduce((sum, { records }) => sum + records, 0);
  }

  /** On disk; a segment counts until all of it was taken. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of the records not taken yet. */
  get bytesLeft(): number {
    const taken = this.#segments[0]?.number === this.#head.segment ? this.#head.offset : 0;
    return this.bytes - taken;
  }

  get isFull(): boolean {
    return this.bytes + this.#waitingBytes >= this.#options.maxBytes;
  }

  /** Timestamp of the first record not taken. */
  get oldest(): number | undefined {
    return this.records === 0 ? undefined : this.#headTimestamp;
  }

  /** Resolves with where they end once they are durable: all of them, or (rejecting with SPOOL_FULL or
   * SPOOL_UNWRITABLE) none. */
  append(records: readonly OutgoingRecord[]): Promise<Position> {
    const frames = records.map(encodeFrame);
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    const { maxBytes } = this.#options;
    if (this.bytes + this.#waitingBytes + bytes > maxBytes) {
      return Promise.reject(new SpoolError('SPOOL_FULL', `${this.bytes} of ${maxBytes} bytes`));
    }
    this.#waitingBytes += bytes;
    if (this.records === 0) this.#headTimestamp = records[0]?.timestamp;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ frames, bytes, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** The next records, of about `bytes` bytes together and from one segment; `undefined` when all were taken. */
  async peek(bytes: number, limit?: number): Promise<SpoolBatch | undefined> {
    for (;;) {
      const segment = this.#segments[0];
      if (segment === undefined) return undefined;
      const { number, path } = segment;
      const offset = number === this.#head.segment ? this.#head.offset : 0;
      if (offset < segment.bytes) {
        if (this.#reader?.number !== number) {
          await this.#reader?.file.close();
          this.#reader = { number, file: await open(path, 'r') };
        }
        const read = await readFrames(this.#reader.file, offset, Math.max(bytes, 64), segment.bytes);
        const { records, taken } = decodeFrames(read, limit);
        if (records.length === 0) {
          // It was whole when it was written or found; the rest of the file is kept for people to look at.
          Object.assign(segment, { bytes: offset, records: 0, damaged: true });
          continue;
        }
        this.#headTimestamp = records[0]?.timestamp ?? this.#headTimestamp;
        return { records, end: { segment: number, offset: offset + taken } };
      }
      if (this.#segments.length === 1) return undefined;
      await this.#dropTaken();
    }
  }

  /** Everything before `end`, `records` of its segment, is in the log. */
  async advance({ records, end }: { readonly records: number; readonly end: Position }): Promise<void> {
    const segment = this.#segments.find(({ number }) => number === end.segment);
    if (segment !== undefined) segment.records -= records;
    this.#head = end;
    await this.#progress.note(end);
    await this.#dropTaken();
  }

  /** Keeps records that the log will never take out of the way, in a file that nobody reads but people. */
  async setAside(records: readonly OutgoingRecord[]): Promise<string> {
    const path = join(this.#options.directory, 'set-aside');
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(Buffer.concat(records.map(encodeFrame)));
      await file.datasync();
    } finally {
      await file.close();
    }
    return path;
  }

  /** Waits for writes under way; what was not taken stays for the next process. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    await this.#reader?.file.close();
    await this.#progress.close();
    await this.#lock.release();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const ends = await this.#writeGroup(group);
        this.#waitingBytes -= sum(group);
        for (const [index, { resolve }] of group.entries()) resolve(ends[index] ?? this.#head);
      } catch (cause) {
        await this.#file?.close().catch(() => {});
        this.#file = undefined;
        this.#waitingBytes -= sum(group);
        const why = cause instanceof Error ? cause.message : String(cause);
        for (const { reject } of group) reject(new SpoolError('SPOOL_UNWRITABLE', why, { cause }));
      }
    }
    this.#writing = undefined;
  }

  /** Where each of them ends. */
  async #writeGroup(group: readonly Waiting[]): Promise<Position[]> {
    const { disk, segmentBytes } = this.#options;
    if (this.#file !== undefined && (this.#segments.at(-1)?.bytes ?? 0) >= segmentBytes) {
      await this.#file.close();
      this.#file = undefined;
    }
    this.#file ??= await this.#newSegment();
    const file = this.#file;
    const segment = this.#segments.at(-1);
    if (segment === undefined) throw new Error('a segment without an entry');
    const start = segment.bytes;
    try {
      await disk.write(file, Buffer.concat(group.flatMap(({ frames }) => frames)), start);
      await disk.sync(file);
    } catch (error) {
      // What was refused must not be found and replayed later. A disk that refuses even this will have failed
      // frames found again: they are doubles of what their senders send again.
      await file.truncate(start).catch(() => {});
      if (start === 0) {
        this.#segments.pop();
        await rm(segment.path, { force: true }).catch(() => {});
      }
      throw error;
    }
    return group.map(({ frames, bytes }) => {
      segment.bytes += bytes;
      segment.records += frames.length;
      return { segment: segment.number, offset: segment.bytes };
    });
  }

  async #newSegment(): Promise<FileHandle> {
    const number = this.#nextNumber++;
    const path = segmentPath(this.#options.directory, number);
    const file = await open(path, 'wx+', 0o600);
    await syncDirectory(this.#options.directory);
    this.#segments.push({ number, path, bytes: 0, records: 0, damaged: false });
    return file;
  }

  async #dropTaken(): Promise<void> {
    for (let first = this.#segments[0]; first !== undefined; first = this.#segments[0]) {
      const taken = first.number === this.#head.segment ? this.#head.offset : 0;
      const isWritten = this.#segments.length === 1 && this.#writing !== undefined;
      if (taken < first.bytes || isWritten) return;
      // All at once, before anything is awaited: an append that comes meanwhile begins a new segment.
      const isLast = this.#segments.length === 1;
      const files = [isLast ? this.#file : undefined, this.#reader?.file];
      if (isLast) this.#file = undefined;
      this.#reader = undefined;
      this.#segments.shift();
      for (const file of files) await file?.close();
      if (first.damaged) await rename(first.path, `${first.path}.damaged`);
      else await rm(first.path, { force: true });
    }
  }
}

const sum = (group: readonly Waiting[]): number => group.reduce((total, { bytes }) => total + bytes, 0);

/** A new file's name is durable only when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
