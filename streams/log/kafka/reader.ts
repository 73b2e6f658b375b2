import { LogError } from '../errors.ts';
import type { ReadOptions, StoredRecord, TopicPartition } from '../log.ts';
import type { Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { type Chunk, committedRecords, slices } from './committed-records.ts';
import { Fetcher } from './fetcher.ts';
import { CODE, ProtocolError } from './protocol/error-codes.ts';
import { type FetchResult, fetchRequest } from './protocol/requests.ts';
import type { Topics } from './topics.ts';
import type { WrittenEnds } from './written-ends.ts';

const CHUNK_BYTES = 1024 * 1024;
const FOLLOW_WAIT_MS = 250;
const FOLLOWED_BYTES = 32 * 1024 * 1024;
/** How long to wait for what is about to become readable. */
const SOON_MS = 5;
const STUCK_MS = 60_000;

/** Reads partitions outside any consumer group. */
export class PartitionReader {
  readonly #cluster: Cluster;
  readonly #topics: Topics;
  readonly #written: WrittenEnds;
  readonly #brokers: Brokers;
  readonly #followers: Fetcher;

  constructor(cluster: Cluster, topics: Topics, written: WrittenEnds) {
    this.#cluster = cluster;
    this.#topics = topics;
    this.#written = written;
    this.#brokers = cluster.lane();
    this.#followers = new Fetcher(cluster, {
      maxWaitMs: FOLLOW_WAIT_MS,
      partitionBytes: CHUNK_BYTES,
      bufferBytes: FOLLOWED_BYTES,
    });
  }

  async close(): Promise<void> {
    await this.#followers.close();
  }

  /** `Log.read`: catches up with requests of its own, then shares those of all that follow. */
  async *read(options: ReadOptions): AsyncGenerator<readonly StoredRecord[]> {
    const { topic, partition, follow = false, signal } = options;
    const at = { topic, partition };
    await this.#cluster.retry(`leader of ${topic}-${partition}`, () =>
      this.#cluster.leader(topic, partition),
    );
    const to = options.to ?? Number.POSITIVE_INFINITY;
    const end = follow ? to : Math.min(to, await this.#readableEnd(at));
    let position = Math.max(0, options.from);
    for await (const chunk of this.#catchUp(at, position, end, follow)) {
      for (const records of slices(chunk.records)) {
        if (signal?.aborted) return;
        yield records;
      }
      if (signal?.aborted) return;
      position = chunk.next;
    }
    if (!follow || position >= end || signal?.aborted) return;
    const subscription = this.#followers.subscribe(at, position);
    const stop = (): void => subscription.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      while (position < end) {
        const chunk = await subscription.next();
        if (chunk === undefined) return;
        position = chunk.next;
        const wanted = position > end ? chunk.records.filter(({ offset }) => offset < end) : chunk.records;
        for (const records of slices(wanted)) {
          if (signal?.aborted) return;
          yield records;
        }
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      subscription.close();
    }
  }

  /** One fetch, answered at once; reading begins where the log does if `from` is before that. */
  async fetch(at: TopicPartition, from: number, to: number): Promise<Chunk> {
    const { topic, partition } = at;
    return this.#cluster.retry(`reading ${topic}-${partition}`, async () => {
      const leader = await this.#cluster.leader(topic, partition);
      const request = fetchRequest([{ ...at, offset: from, maxBytes: CHUNK_BYTES }], {
        maxWaitMs: 0,
        maxBytes: CHUNK_BYTES,
      });
      const [result] = await this.#brokers.send(leader, request);
      if (result === undefined) throw new ProtocolError(CODE.NETWORK_EXCEPTION, `${topic}-${partition}`);
      return this.#chunk(at, from, to, result);
    });
  }

  async #chunk(at: TopicPartition, from: number, to: number, result: FetchResult): Promise<Chunk> {
    if (result.errorCode === 0) return committedRecords(result, from, to);
    if (result.errorCode !== CODE.OFFSET_OUT_OF_RANGE) {
      throw new ProtocolError(result.errorCode, `${at.topic}-${at.partition}`);
    }
    const { start } = (await this.#topics.offsets(at.topic))[at.partition] ?? { start: from };
    return { records: [], next: Math.max(from, start), bytes: 0 };
  }

  /** Fetches one chunk ahead of its caller. Ends at `end`, or with nothing more to read if it `mayStop` before. */
  async *#catchUp(at: TopicPartition, from: number, end: number, mayStop: boolean): AsyncGenerator<Chunk> {
    let position = from;
    let progressAt = performance.now();
    let ahead = position < end ? this.fetch(at, position, end) : undefined;
    // A caller that stops leaves it to itself.
    ahead?.catch(() => {});
    while (ahead !== undefined) {
      const chunk = await ahead;
      const progress = chunk.next > position;
      position = chunk.next;
      if (!progress && mayStop) return;
      if (!progress) await this.#soon(at, position, progressAt);
      else progressAt = performance.now();
      ahead = position < end ? this.fetch(at, position, end) : undefined;
      ahead?.catch(() => {});
      if (progress) yield chunk;
    }
  }

  async #soon({ topic, partition }: TopicPartition, position: number, since: number): Promise<void> {
    if (performance.now() - since > STUCK_MS) {
      throw new LogError('UNAVAILABLE', `${topic}-${partition} cannot be read beyond ${position}`);
    }
    await this.#cluster.pause(SOON_MS);
    this.#cluster.checkOpen();
  }

  /** What was written by this process can be read by it, though a transaction's end takes a moment to be marked. */
  async #readableEnd({ topic, partition }: TopicPartition): Promise<number> {
    const end = (await this.#topics.offsets(topic))[partition]?.end ?? 0;
    return this.#written.after({ topic, partition }, end);
  }
}
