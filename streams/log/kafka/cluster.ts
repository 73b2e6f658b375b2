import { setTimeout as sleep } from 'node:timers/promises';
import { LogError } from '../errors.ts';
import { type Address, Brokers, type ConnectionOptions } from './brokers.ts';
import { outlookOf, toLogError } from './failures.ts';
import { type ClusterMetadata, metadataRequest } from './protocol/admin-requests.ts';
import { CODE, ProtocolError } from './protocol/error-codes.ts';

export interface ClusterOptions extends ConnectionOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** How long something is tried again before it is `UNAVAILABLE`. */
  readonly retryMs: number;
}

/** `group`: of a consumer group; `transaction`: of a transactional id. */
export type CoordinatorKind = 'group' | 'transaction';

const METADATA_MAX_AGE_MS = 300_000;
const FIRST_BACKOFF_MS = 10;
const LAST_BACKOFF_MS = 1_000;

/** Who of the cluster does what: leaders of partitions, coordinators of groups and transactions. */
export class Cluster {
  /** For requests that are answered at once. */
  readonly brokers: Brokers;
  readonly #options: ClusterOptions;
  readonly #closing = new AbortController();
  readonly #lanes: Brokers[] = [];
  readonly #coordinators = new Map<string, Address>();
  readonly #topics = new Map<string, KnownTopic>();
  readonly #topicsInUse = new Set<string>();
  readonly #created = new Set<string>();
  #known: readonly Address[] = [];
  #staleAt = 0;
  #refreshing: Promise<void> | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.brokers = this.lane();
  }

  /** Connections for whoever may keep a broker busy or waiting; `close` closes them too. */
  lane(): Brokers {
    const lane = new Brokers(this.#options);
    this.#lanes.push(lane);
    return lane;
  }

  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  checkOpen(): void {
    if (this.#closing.signal.aborted) throw new LogError('CLOSED', 'the Kafka log');
  }

  /** Tries again, after looking who is in charge now, what may succeed then; gives up with a `LogError`. */
  async retry<T>(what: string, attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadline = performance.now() + this.#options.retryMs;
    for (let backoff = FIRST_BACKOFF_MS; ; backoff = Math.min(backoff * 2, LAST_BACKOFF_MS)) {
      this.checkOpen();
      try {
        return await attempt();
      } catch (error) {
        this.checkOpen();
        const outlook = outlookOf(error);
        if (outlook === 'moved') this.lookAgain();
        if (outlook === 'final' || performance.now() > deadline) throw toLogError(error, what);
        await this.pause(backoff, signal);
        if (signal?.aborted) throw toLogError(error, what);
      }
    }
  }

  /** Waits, with some jitter, unless the log closes or `signal` aborts. */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    const either = signal === undefined ? this.closing : AbortSignal.any([signal, this.closing]);
    await sleep(ms * (0.75 + Math.random() / 2), undefined, { signal: either }).catch(() => {});
  }

  /** Forgets what may have moved. */
  lookAgain(): void {
    this.#staleAt = 0;
    this.#coordinators.clear();
  }

  /** The topic was created just now, so a broker that does not know it is only late. */
  expect(topics: readonly string[]): void {
    for (const topic of topics) this.#created.add(topic);
  }

  async partitionsOf(topic: string): Promise<number> {
    return this.knownPartitionsOf(topic) ?? (await this.#topic(topic)).length;
  }

  /** Without asking the cluster; undefined if the topic was not used yet. */
  knownPartitionsOf(topic: string): number | undefined {
    return this.#topics.get(topic)?.leaders.length || undefined;
  }

  async leader(topic: string, partition: number): Promise<Address> {
    const leaders = await this.#topic(topic);
    if (partition < 0 || partition >= leaders.length) {
      throw new LogError('UNKNOWN_TOPIC', `${topic}-${partition}; ${topic} has ${leaders.length} partitions`);
    }
    const leader = leaders[partition];
    if (leader === undefined) throw new ProtocolError(CODE.LEADER_NOT_AVAILABLE, `${topic}-${partition}`);
    return leader;
  }

  async coordinator(kind: CoordinatorKind, id: string): Promise<Address> {
    const name = `${kind} ${id}`;
    const known = this.#coordinators.get(name);
    if (known !== undefined) return known;
    const request = { groupId: id, coordinatorType: kind === 'group' ? (0 as const) : (1 as const) };
    const { coordinator } = await this.any((address) =>
      this.brokers.on(address, (broker) => broker.findGroupCoordinator(request)),
    );
    this.#coordinators.set(name, coordinator);
    return coordinator;
  }

  metadata(topics: readonly string[] | null): Promise<ClusterMetadata> {
    return this.any((address) => this.brokers.send(address, metadataRequest(topics)));
  }

  /** Asks one broker after another until one answers. */
  async any<T>(ask: (address: Address) => Promise<T>): Promise<T> {
    const seeds = this.#options.brokers.map(parseAddress);
    let failure: unknown;
    for (const address of [...shuffled(this.#known), ...shuffled(seeds)]) {
      try {
        return await ask(address);
      } catch (error) {
        this.checkOpen();
        failure = error;
      }
    }
    throw failure;
  }

  async #topic(topic: string): Promise<readonly (Address | undefined)[]> {
    this.#topicsInUse.add(topic);
    for (;;) {
      const known = this.#topics.get(topic);
      if (known !== undefined && performance.now() < this.#staleAt) {
        if (known.errorCode !== 0) throw new ProtocolError(known.errorCode, topic);
        return known.leaders;
      }
      this.#refreshing ??= this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
      await this.#refreshing;
      if (!this.#topicsInUse.has(topic)) throw new LogError('UNKNOWN_TOPIC', `${topic}; create it first`);
    }
  }

  async #refresh(): Promise<void> {
    const { brokers, topics } = await this.metadata([...this.#topicsInUse]);
    this.#known = brokers;
    this.#staleAt = performance.now() + METADATA_MAX_AGE_MS;
    const byId = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    for (const { name, errorCode, partitions } of topics) {
      const unknown = errorCode === CODE.UNKNOWN_TOPIC_OR_PARTITION || errorCode === CODE.INVALID_TOPIC;
      if (unknown && !this.#created.has(name)) {
        this.#topics.delete(name);
        this.#topicsInUse.delete(name);
        continue;
      }
      const leaders = new Array<Address | undefined>(partitions.length).fill(undefined);
      for (const { partition, leader } of partitions) leaders[partition] = byId.get(leader);
      this.#topics.set(name, { errorCode: unknown ? CODE.LEADER_NOT_AVAILABLE : errorCode, leaders });
    }
  }
}

interface KnownTopic {
  readonly errorCode: number;
  /** By partition number; undefined where there is none just now. */
  readonly leaders: readonly (Address | undefined)[];
}

function parseAddress(broker: string): Address {
  const at = broker.lastIndexOf(':');
  return { host: broker.slice(0, at), port: Number(broker.slice(at + 1)) };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
