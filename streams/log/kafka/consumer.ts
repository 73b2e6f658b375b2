import type { ConsumeOptions, LogConsumer, RecordPosition, TopicPartition } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { slices } from './committed-records.ts';
import { Fetcher } from './fetcher.ts';
import { groupOffsets } from './group-offsets.ts';
import { Membership } from './membership.ts';
import type { Topics } from './topics.ts';

export interface ConsumerTimes {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatMs: number;
}

interface Held {
  readonly at: TopicPartition;
  readonly stop: AbortController;
  /** The group may have given it to another already. */
  lost: boolean;
}

const FETCH = { maxWaitMs: 500, partitionBytes: 1024 * 1024, bufferBytes: 48 * 1024 * 1024 };

/** One consumer: what it holds of its group's partitions, and a pump for each that hands records over. */
export class KafkaConsumer implements LogConsumer {
  readonly #cluster: Cluster;
  readonly #topics: Topics;
  readonly #options: ConsumeOptions;
  readonly #fetcher: Fetcher;
  readonly #membership: Membership;
  readonly #held = new Map<string, Held>();
  #target: readonly TopicPartition[] = [];
  #settling: Promise<void> = Promise.resolve();
  #stopped = false;
  #left: Promise<void> | undefined;

  constructor(cluster: Cluster, topics: Topics, options: ConsumeOptions, times: ConsumerTimes) {
    this.#cluster = cluster;
    this.#topics = topics;
    this.#options = options;
    this.#fetcher = new Fetcher(cluster, FETCH);
    const { group, copartitioned = [] } = options;
    this.#membership = new Membership(
      cluster,
      { group, topics: options.topics, copartitioned, ...times },
      {
        held: () => [...this.#held.values()].filter(({ lost }) => !lost).map(({ at }) => at),
        assigned: (target) => this.#settle(target),
        lost: () => {
          for (const held of this.#held.values()) held.lost = true;
          this.#settle([]);
        },
        failed: (error) => this.#fail(error),
      },
    );
  }

  close(): Promise<void> {
    this.#stopped = true;
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    for (const { stop } of this.#held.values()) stop.abort();
    this.#settle([]);
    await this.#settling;
    await this.#membership.leave();
    await this.#fetcher.close();
  }

  /** Releases what it shall not hold, then takes what it shall; one change after another, towards the latest. */
  #settle(target: readonly TopicPartition[]): void {
    this.#target = target;
    this.#settling = this.#settling.then(async () => {
      await this.#release();
      await this.#take();
    });
  }

  async #release(): Promise<void> {
    const wanted = new Set(this.#stopped ? [] : this.#target.map(nameOf));
    const leaving = [...this.#held].filter(([name, { lost }]) => lost || !wanted.has(name));
    if (leaving.length === 0) return;
    for (const [, { stop }] of leaving) stop.abort();
    try {
      await this.#options.onRevoked(leaving.map(([, { at }]) => at));
    } catch (error) {
      this.#report(error);
    }
    for (const [name] of leaving) this.#held.delete(name);
    this.#membership.rejoin();
  }

  async #take(): Promise<void> {
    const added = this.#target.filter((at) => !this.#held.has(nameOf(at)));
    if (added.length === 0 || this.#stopped) return;
    const taken = added.map((at): Held => ({ at, stop: new AbortController(), lost: false }));
    for (const held of taken) this.#held.set(nameOf(held.at), held);
    try {
      const uncommitted = await this.#uncommittedStarts(added);
      const starts = new Map(
        (await this.#options.onAssigned(added))?.map((each) => [nameOf(each), each.offset]),
      );
      const unsaid = added.filter((at) => !starts.has(nameOf(at)));
      for (const committed of await groupOffsets(this.#cluster, this.#options.group, unsaid)) {
        starts.set(nameOf(committed), committed.offset);
      }
      for (const { at, stop } of taken) {
        const start = starts.get(nameOf(at)) ?? uncommitted.get(nameOf(at)) ?? 0;
        if (!this.#stopped) void this.#pump(at, start, stop.signal);
      }
    } catch (error) {
      for (const held of taken) this.#held.delete(nameOf(held.at));
      this.#fail(error);
    }
  }

  /** Where to start without a committed offset. Found out before the owner is told, who may rely on what it appends
   * from then on. */
  async #uncommittedStarts(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    const side = this.#options.startAt === 'latest' ? 'end' : 'start';
    const starts = new Map<string, number>();
    for (const topic of new Set(partitions.map((at) => at.topic))) {
      for (const offsets of await this.#topics.offsets(topic)) starts.set(nameOf(offsets), offsets[side]);
    }
    return starts;
  }

  async #pump(at: TopicPartition, from: number, signal: AbortSignal): Promise<void> {
    const subscription = this.#fetcher.subscribe(at, from);
    signal.addEventListener('abort', () => subscription.close(), { once: true });
    try {
      for (let chunk = await subscription.next(); chunk !== undefined; chunk = await subscription.next()) {
        for (const records of slices(chunk.records)) {
          if (signal.aborted) return;
          await this.#options.onRecords(records);
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      subscription.close();
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.#report(error);
    void this.close();
  }

  #report(error: unknown): void {
    this.#options.onError(error instanceof Error ? error : new Error(String(error)));
  }
}

function nameOf({ topic, partition }: TopicPartition | RecordPosition): string {
  return `${topic}-${partition}`;
}
