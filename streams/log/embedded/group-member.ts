import type { ConsumeOptions, LogConsumer, RecordPosition, TopicPartition } from '../log.ts';
import type { Subscriber } from './assignment.ts';
import { type ConsumerGroup, name } from './consumer-group.ts';
import type { Partition } from './partition.ts';
import { changed, type ReadContext } from './read.ts';

export interface GroupContext extends ReadContext {
  partition(topic: string, index: number): Partition;
  /** The group's committed offset. */
  committedOffset(group: string, partition: TopicPartition): number | undefined;
}

/** One consumer: what it holds, and a pump per partition that hands records over. */
export class GroupMember implements Subscriber, LogConsumer {
  readonly topics: readonly string[];
  readonly copartitioned: readonly (readonly string[])[];
  readonly #options: ConsumeOptions;
  readonly #group: ConsumerGroup;
  readonly #context: GroupContext;
  readonly #held = new Map<string, { readonly at: TopicPartition; readonly stop: AbortController }>();
  #stopped = false;
  #left: Promise<void> | undefined;

  constructor(options: ConsumeOptions, group: ConsumerGroup, context: GroupContext) {
    this.topics = options.topics;
    this.copartitioned = options.copartitioned ?? [];
    this.#options = options;
    this.#group = group;
    this.#context = context;
  }

  owned(): TopicPartition[] {
    return [...this.#held.values()].map(({ at }) => at);
  }

  /** Stops handing over, then lets the owner release the partitions. */
  async revoke(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    for (const partition of partitions) this.#held.get(name(partition))?.stop.abort();
    try {
      await this.#options.onRevoked(partitions);
    } catch (error) {
      this.#report(error);
    }
    for (const partition of partitions) this.#held.delete(name(partition));
  }

  async take(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0 || this.#stopped) return;
    let positions: readonly RecordPosition[] | undefined;
    // Taken before the call: what is appended during it must not be missed.
    const starts = new Map(partitions.map((at) => [name(at), this.#startWithout(at)]));
    try {
      positions = await this.#options.onAssigned(partitions);
    } catch (error) {
      this.#fail(error);
      return;
    }
    // And this after it: opening a task in it fences the last owner, whose commits are final only then.
    for (const at of partitions) {
      const committed = this.#context.committedOffset(this.#options.group, at);
      if (committed !== undefined) starts.set(name(at), committed);
    }
    for (const position of positions ?? []) starts.set(name(position), position.offset);
    for (const at of partitions) {
      const stop = new AbortController();
      this.#held.set(name(at), { at, stop });
      if (this.#stopped) stop.abort();
      else void this.#pump(at, starts.get(name(at))!, stop.signal);
    }
  }

  close(): Promise<void> {
    this.#stop();
    this.#left ??= this.#group.leave(this);
    return this.#left;
  }

  /** Where to begin if nothing was committed. */
  #startWithout({ topic, partition }: TopicPartition): number {
    const { start, end } = this.#context.partition(topic, partition);
    return this.#options.startAt === 'latest' ? end : start;
  }

  async #pump(at: TopicPartition, from: number, signal: AbortSignal): Promise<void> {
    try {
      const partition = this.#context.partition(at.topic, at.partition);
      const reader = this.#context.reader(partition, from);
      while (!signal.aborted && !this.#context.closed()) {
        const records = await reader.next(Number.POSITIVE_INFINITY);
        if (signal.aborted) return;
        if (records.length > 0) await this.#options.onRecords(records);
        else if (reader.position >= partition.end) await changed(partition, signal);
      }
    } catch (error) {
      this.#fail(error);
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

  #stop(): void {
    this.#stopped = true;
    for (const { stop } of this.#held.values()) stop.abort();
  }
}
