import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TopicPartition } from '../log.ts';
import { assign, type GroupMember } from './assignor.ts';

const PARTITIONS: Readonly<Record<string, number>> = { left: 6, right: 6, small: 1, other: 5 };
const TOPICS = Object.keys(PARTITIONS);
const COPARTITIONED = [['left', 'right']];
const partitionsOf = (topic: string): number => PARTITIONS[topic] ?? 0;
const label = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** Rounds as the group plays them: what a member is not assigned it releases, then all join again. */
function settle(members: readonly GroupMember[]): {
  members: readonly GroupMember[];
  rounds: number;
  moved: number;
} {
  let current = members;
  let moved = 0;
  for (let rounds = 1; ; rounds++) {
    const assigned = assign(current, COPARTITIONED, partitionsOf);
    const next = current.map((member) => ({ ...member, owned: assigned.get(member.id) ?? [] }));
    const held = new Map(current.flatMap(({ id, owned }) => owned.map((at) => [label(at), id])));
    for (const { id, owned } of next) {
      for (const at of owned) {
        const before = held.get(label(at));
        expect(before === undefined || before === id, `${label(at)} is given away while it is held`).toBe(
          true,
        );
      }
    }
    const released = current.flatMap(({ owned }, i) =>
      owned.filter((at) => !next[i]?.owned.some((each) => label(each) === label(at))),
    );
    moved += released.length;
    current = next;
    if (released.length === 0) return { members: current, rounds, moved };
    expect(rounds).toBeLessThan(3);
  }
}

const joining = (...ids: string[]): GroupMember[] => ids.map((id) => ({ id, topics: TOPICS, owned: [] }));

describe('assignment in a consumer group', () => {
  test('gives every partition to one member, evenly, equal numbers of copartitioned topics to the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(7), { maxLength: 8 }), (size, leaving) => {
        let group = settle(joining(...Array.from({ length: size }, (_, i) => `m${i}`))).members;
        for (const [turn, each] of leaving.entries()) {
          const left = group.length > 1 ? group.filter((_, i) => i !== each % group.length) : group;
          group = settle([...left, ...joining(`n${turn}`)].slice(0, 8)).members;
          const all = group.flatMap(({ owned }) => owned.map(label));
          expect(all.length).toBe(18);
          expect(new Set(all).size).toBe(18);
          for (const topic of TOPICS) {
            const shares = group.map(({ owned }) => owned.filter((at) => at.topic === topic).length);
            expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
          }
          for (const { owned } of group) {
            const numbers = (topic: string): number[] =>
              owned
                .filter((at) => at.topic === topic)
                .map(({ partition }) => partition)
                .sort();
            expect(numbers('left')).toEqual(numbers('right'));
          }
        }
      }),
    );
  });

  test('moves only what it must when a member joins, after it was released', () => {
    const { members: two } = settle(joining('a', 'b'));
    const { members: three, rounds, moved } = settle([...two, ...joining('c')]);
    expect(rounds).toBe(2);
    const taken = three.find(({ id }) => id === 'c')?.owned.length ?? 0;
    expect(moved).toBe(taken);
    expect(taken).toBeGreaterThanOrEqual(5);
  });

  test('moves nothing of those that stay when a member leaves', () => {
    const { members } = settle(joining('a', 'b', 'c'));
    const { moved, rounds } = settle(members.slice(1));
    expect({ moved, rounds }).toEqual({ moved: 0, rounds: 1 });
  });

  test('starts with those who have least when there are fewer partitions than members', () => {
    const { members } = settle(joining('a', 'b').map((each) => ({ ...each, topics: ['small', 'other'] })));
    expect(members.map(({ owned }) => owned.length).sort()).toEqual([3, 3]);
  });

  test('gives a topic only to members that read it', () => {
    const [a, b] = joining('a', 'b');
    const { members } = settle([{ ...a!, topics: ['small'] }, b!]);
    expect(members[0]?.owned.every(({ topic }) => topic === 'small')).toBe(true);
    expect(members.flatMap(({ owned }) => owned)).toHaveLength(18);
  });
});
