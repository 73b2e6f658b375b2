import type { TopicPartition } from '../log.ts';

export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
  /** What it holds now. */
  readonly owned: readonly TopicPartition[];
}

/**
 * Divides partitions among the members of a group. Of copartitioned topics one member gets the same numbers. Each
 * set of topics is spread evenly, its remainder to members that have least otherwise; a member keeps what it holds
 * as far as that allows. What another member still holds is left out: it is assigned in the round after that one
 * has released it (Kafka's cooperative protocol, KIP-429), so that only partitions that move are interrupted.
 */
export function assign(
  members: readonly GroupMember[],
  copartitioned: readonly (readonly string[])[],
  partitionsOf: (topic: string) => number,
): Map<string, TopicPartition[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const holders = new Map<string, GroupMember>();
  for (const member of sorted)
    for (const at of member.owned) holders.set(nameOf(at), holders.get(nameOf(at)) ?? member);
  const load = new Map(sorted.map((member) => [member, 0]));
  const assigned = new Map(sorted.map(({ id }) => [id, [] as TopicPartition[]]));
  for (const topics of setsOf(sorted, copartitioned)) {
    const takers = sorted.filter((member) => topics.every((topic) => member.topics.includes(topic)));
    if (takers.length === 0) continue;
    const count = Math.max(...topics.map(partitionsOf));
    const at = (partition: number): TopicPartition[] =>
      topics.filter((topic) => partition < partitionsOf(topic)).map((topic) => ({ topic, partition }));
    const holderOf = (partition: number): GroupMember | undefined =>
      at(partition).flatMap((each) => holders.get(nameOf(each)) ?? [])[0];
    for (const [member, numbers] of divide(count, takers, holderOf, load)) {
      load.set(member, (load.get(member) ?? 0) + numbers.length);
      for (const each of numbers.flatMap(at)) {
        const holder = holders.get(nameOf(each));
        if (holder === undefined || holder === member) assigned.get(member.id)?.push(each);
      }
    }
  }
  return assigned;
}

/** The partition numbers of one set for each taker. */
function divide(
  count: number,
  takers: readonly GroupMember[],
  holderOf: (partition: number) => GroupMember | undefined,
  load: ReadonlyMap<GroupMember, number>,
): Map<GroupMember, number[]> {
  const shares = new Map<GroupMember, number[]>(takers.map((taker) => [taker, []]));
  const shareOf = (taker: GroupMember): number[] => shares.get(taker) ?? [];
  const free: number[] = [];
  for (let partition = 0; partition < count; partition++) {
    const holder = holderOf(partition);
    const share = holder === undefined ? undefined : shares.get(holder);
    if (share === undefined) free.push(partition);
    else share.push(partition);
  }
  // The larger shares go to those that hold so much already, then to those that have least of other sets.
  const least = Math.floor(count / takers.length);
  const byClaim = [...takers].sort(
    (a, b) => shareOf(b).length - shareOf(a).length || (load.get(a) ?? 0) - (load.get(b) ?? 0),
  );
  for (const [rank, taker] of byClaim.entries()) {
    const quota = least + (rank < count % takers.length ? 1 : 0);
    free.push(...shareOf(taker).splice(quota));
  }
  free.sort((a, b) => a - b);
  for (const [rank, taker] of byClaim.entries()) {
    const quota = least + (rank < count % takers.length ? 1 : 0);
    shareOf(taker).push(...free.splice(0, quota - shareOf(taker).length));
  }
  return shares;
}

/** All subscribed topics, in sets that are divided together; in order of name. */
function setsOf(
  members: readonly GroupMember[],
  copartitioned: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const setOf = new Map<string, Set<string>>();
  for (const { topics } of members) for (const topic of topics) setOf.set(topic, new Set([topic]));
  for (const declared of copartitioned) {
    const merged = new Set(declared.flatMap((topic) => [...(setOf.get(topic) ?? [])]));
    for (const topic of merged) setOf.set(topic, merged);
  }
  return [...new Set(setOf.values())]
    .map((set) => [...set].sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
