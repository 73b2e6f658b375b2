import { LogError } from '../errors.ts';
import type { TopicPartition } from '../log.ts';
import type { Address, Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { type Chunk, committedRecords } from './committed-records.ts';
import { outlookOf, toLogError } from './failures.ts';
import { CODE, ProtocolError } from './protocol/error-codes.ts';
import { type FetchResult, fetchRequest } from './protocol/requests.ts';

export interface FetcherOptions {
  /** How long a broker with nothing new keeps a request. */
  readonly maxWaitMs: number;
  /** Fetched and not yet taken: of one partition, and of all. */
  readonly partitionBytes: number;
  readonly bufferBytes: number;
}

/** While a partition is left out of a request because its buffer is full, others must not hold it up for long. */
const SHORT_WAIT_MS = 20;
const BACKOFF_MS = 200;
const RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Keeps fetching partitions ahead of whoever takes their records: one request at a time to each broker, for all the
 * partitions that have room. Failures that may pass are tried again for ever.
 */
export class Fetcher {
  readonly #cluster: Cluster;
  readonly #brokers: Brokers;
  readonly #options: FetcherOptions;
  readonly #subscriptions = new Set<Subscription>();
  readonly #busyLeaders = new Set<string>();
  #scheduled = false;
  #buffered = 0;

  constructor(cluster: Cluster, options: FetcherOptions) {
    this.#cluster = cluster;
    this.#brokers = cluster.lane();
    this.#options = options;
  }

  subscribe(at: TopicPartition, from: number): Subscription {
    const subscription = new Subscription(at, from, (bytes) => {
      this.#buffered -= bytes;
      if (subscription.closed) this.#subscriptions.delete(subscription);
      this.#schedule();
    });
    this.#subscriptions.add(subscription);
    this.#schedule();
    return subscription;
  }

  async close(): Promise<void> {
    for (const subscription of [...this.#subscriptions])
      subscription.fail(new LogError('CLOSED', 'the Kafka log'));
    this.#subscriptions.clear();
    await this.#brokers.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#dispatch();
    });
  }

  async #dispatch(): Promise<void> {
    const { partitionBytes, bufferBytes } = this.#options;
    const groups = new Map<
      string,
      { readonly leader: Address; readonly own: Subscription[]; full: boolean }
    >();
    for (const subscription of this.#subscriptions) {
      if (subscription.busy) continue;
      subscription.busy = true;
      let leader: Address;
      try {
        leader = await this.#cluster.leader(subscription.at.topic, subscription.at.partition);
      } catch (error) {
        this.#failed([subscription], error);
        continue;
      }
      const name = `${leader.host}:${leader.port}`;
      const group = groups.get(name) ?? { leader, own: [], full: false };
      groups.set(name, group);
      const { buffered } = subscription;
      if (buffered === 0 || (buffered < partitionBytes && this.#buffered < bufferBytes))
        group.own.push(subscription);
      else {
        group.full = true;
        subscription.busy = false;
      }
    }
    for (const [name, { leader, own, full }] of groups) {
      if (own.length === 0) continue;
      if (this.#busyLeaders.has(name)) {
        for (const subscription of own) subscription.busy = false;
        continue;
      }
      this.#busyLeaders.add(name);
      void this.#fetch(leader, own, full ? SHORT_WAIT_MS : this.#options.maxWaitMs).finally(() => {
        this.#busyLeaders.delete(name);
        this.#schedule();
      });
    }
  }

  async #fetch(leader: Address, own: readonly Subscription[], maxWaitMs: number): Promise<void> {
    const partitions = own.map(({ at, position }) => ({
      ...at,
      offset: position,
      maxBytes: this.#options.partitionBytes,
    }));
    let results: readonly FetchResult[];
    try {
      const request = fetchRequest(partitions, { maxWaitMs, maxBytes: RESPONSE_BYTES });
      results = await this.#brokers.send(leader, request);
    } catch (error) {
      this.#failed(own, error);
      return;
    }
    const byName = new Map(results.map((result) => [`${result.topic}-${result.partition}`, result]));
    for (const subscription of own) {
      subscription.busy = false;
      const { topic, partition } = subscription.at;
      const result = byName.get(`${topic}-${partition}`);
      if (result === undefined || subscription.closed) continue;
      if (result.errorCode === 0) this.#received(subscription, result);
      else if (result.errorCode !== CODE.OFFSET_OUT_OF_RANGE || !subscription.skipTo(result.logStartOffset)) {
        this.#failed([subscription], new ProtocolError(result.errorCode, `${topic}-${partition}`));
      }
    }
  }

  #received(subscription: Subscription, result: FetchResult): void {
    try {
      const chunk = committedRecords(result, subscription.position, Number.POSITIVE_INFINITY);
      if (chunk.records.length > 0) this.#buffered += chunk.bytes;
      subscription.received(chunk);
    } catch (error) {
      subscription.fail(toLogError(error, 'fetching'));
    }
  }

  #failed(subscriptions: readonly Subscription[], error: unknown): void {
    const outlook = outlookOf(error);
    if (outlook === 'moved') this.#cluster.lookAgain();
    if (outlook === 'final') {
      for (const each of subscriptions)
        each.fail(toLogError(error, `fetching ${each.at.topic}-${each.at.partition}`));
      return;
    }
    void this.#cluster.pause(BACKOFF_MS).then(() => {
      for (const each of subscriptions) each.busy = false;
      this.#schedule();
    });
  }
}

/** One partition, from an offset on. */
export class Subscription {
  readonly at: TopicPartition;
  /** Set while it is in a request, or waits to be in one again. */
  busy = false;
  readonly #taken: (bytes: number) => void;
  readonly #chunks: Chunk[] = [];
  #position: number;
  #buffered = 0;
  #closed = false;
  #failure: LogError | undefined;
  #wake: () => void = () => {};

  constructor(at: TopicPartition, from: number, taken: (bytes: number) => void) {
    this.at = at;
    this.#position = from;
    this.#taken = taken;
  }

  /** Where to fetch next. */
  get position(): number {
    return this.#position;
  }

  /** Bytes that wait to be taken. */
  get buffered(): number {
    return this.#buffered;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next records, when there are some; undefined once it is closed. One call at a time. */
  async next(): Promise<Chunk | undefined> {
    while (this.#chunks.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    const chunk = this.#closed ? undefined : this.#chunks.shift();
    if (chunk !== undefined) {
      this.#buffered -= chunk.bytes;
      this.#taken(chunk.bytes);
    }
    return chunk;
  }

  received(chunk: Chunk): void {
    this.#position = chunk.next;
    if (chunk.records.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.bytes;
    this.#wake();
  }

  /** What it wanted next is gone, so it goes on with the oldest that is there. False if that is not ahead. */
  skipTo(start: number): boolean {
    if (this.#position >= start) return false;
    this.#position = start;
    return true;
  }

  fail(failure: LogError): void {
    if (this.#closed) return;
    this.#failure = failure;
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const freed = this.#buffered;
    this.#chunks.length = 0;
    this.#buffered = 0;
    this.#taken(freed);
    this.#wake();
  }
}
