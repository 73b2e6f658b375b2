import type { TopicPartition } from '../log.ts';
import { assign } from './assignment.ts';
import type { GroupMember } from './group-member.ts';

/**
 * The members of one consumer group in this process, and who consumes what. Changes are carried out one after
 * another; only partitions that move are interrupted.
 */
export class ConsumerGroup {
  readonly #partitionsOf: (topic: string) => number;
  readonly #members = new Set<GroupMember>();
  #turn: Promise<void> = Promise.resolve();

  constructor(partitionsOf: (topic: string) => number) {
    this.#partitionsOf = partitionsOf;
  }

  join(member: GroupMember): void {
    this.#members.add(member);
    void this.#inTurn(() => this.#rebalance());
  }

  /** Resolves when the member has released all it held; others take over after that. */
  async leave(member: GroupMember): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#members.delete(member)) return;
      await member.revoke(member.owned());
    });
    void this.#inTurn(() => this.#rebalance());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.close()));
  }

  async #rebalance(): Promise<void> {
    const target = assign([...this.#members], this.#partitionsOf);
    await Promise.all([...target].map(([member, wanted]) => member.revoke(without(member.owned(), wanted))));
    await Promise.all([...target].map(([member, wanted]) => member.take(without(wanted, member.owned()))));
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }
}

function without(partitions: readonly TopicPartition[], others: readonly TopicPartition[]): TopicPartition[] {
  const named = new Set(others.map(name));
  return partitions.filter((partition) => !named.has(name(partition)));
}

export function name({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
