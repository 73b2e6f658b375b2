import type { TopicPartition } from '../log.ts';

/** A member of a consumer group, as far as assignment is concerned. */
export interface Subscriber {
  readonly topics: readonly string[];
  readonly copartitioned: readonly (readonly string[])[];
}

/**
 * Divides partitions among members, each range of consecutive numbers to one, as Kafka's range assignor does.
 * Topics that any member declares copartitioned are divided together, so that equal numbers meet. Sets begin at
 * different members in turn, so that the larger shares do not all fall to the first.
 */
export function assign<M extends Subscriber>(
  members: readonly M[],
  partitionsOf: (topic: string) => number,
): Map<M, TopicPartition[]> {
  const assigned = new Map<M, TopicPartition[]>(members.map((member) => [member, []]));
  for (const [turn, topics] of copartitionedSets(members).entries()) {
    const eligible = members.filter((member) => topics.every((topic) => member.topics.includes(topic)));
    // A set joined by members that each subscribe to a part of it has nobody to keep it together.
    const sets =
      eligible.length > 0 ? [{ topics, takers: eligible }] : topics.map((topic) => only(topic, members));
    for (const { topics, takers } of sets) {
      const count = Math.max(...topics.map(partitionsOf));
      for (let partition = 0; partition < count; partition++) {
        const share = Math.floor((partition * takers.length) / count);
        const taker = takers[(share + turn) % takers.length]!;
        for (const topic of topics) {
          if (partition < partitionsOf(topic)) assigned.get(taker)!.push({ topic, partition });
        }
      }
    }
  }
  return assigned;
}

function only<M extends Subscriber>(topic: string, members: readonly M[]): { topics: string[]; takers: M[] } {
  return { topics: [topic], takers: members.filter((member) => member.topics.includes(topic)) };
}

/** All subscribed topics, merged into sets that share a copartitioned declaration; in order of name. */
function copartitionedSets(members: readonly Subscriber[]): string[][] {
  const setOf = new Map<string, Set<string>>();
  for (const { topics } of members) for (const topic of topics) setOf.set(topic, new Set([topic]));
  for (const declared of members.flatMap(({ copartitioned }) => copartitioned)) {
    const merged = new Set(declared.flatMap((topic) => [...(setOf.get(topic) ?? [])]));
    for (const topic of merged) setOf.set(topic, merged);
  }
  return [...new Set(setOf.values())].map((set) => [...set].sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
