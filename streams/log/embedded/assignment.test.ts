import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, type Subscriber } from './assignment.ts';

const member = (topics: string[], copartitioned: string[][] = []): Subscriber => ({ topics, copartitioned });
const labels = (members: readonly Subscriber[], counts: Record<string, number>): string[] => {
  const assigned = assign(members, (topic) => counts[topic] ?? 0);
  return members.map((each) =>
    (assigned.get(each) ?? []).map(({ topic, partition }) => `${topic}${partition}`).join(' '),
  );
};

test('each member gets a range of every topic', () => {
  const members = [member(['a']), member(['a']), member(['a'])];
  expect(labels(members, { a: 7 })).toEqual(['a0 a1 a2', 'a3 a4', 'a5 a6']);
});

test('a member more than there are partitions gets none', () => {
  expect(labels([member(['a']), member(['a'])], { a: 1 })).toEqual(['a0', '']);
});

test('topics of one partition do not all fall to the same member', () => {
  const members = [member(['a', 'b']), member(['a', 'b'])];
  expect(labels(members, { a: 1, b: 1 })).toEqual(['a0', 'b0']);
});

test('copartitioned topics stay together, by way of a third too', () => {
  const topics = ['a', 'b', 'c', 'd'];
  const members = [member(topics, [['a', 'c']]), member(topics, [['c', 'd']])];
  expect(labels(members, { a: 2, b: 2, c: 2, d: 2 })).toEqual(['a0 c0 d0 b1', 'a1 c1 d1 b0']);
});

test('a copartitioned set goes to those who subscribe to all of it', () => {
  const members = [member(['a']), member(['a', 'b'], [['a', 'b']])];
  expect(labels(members, { a: 2, b: 2 })).toEqual(['', 'a0 b0 a1 b1']);
});

test('every partition of a subscribed topic has exactly one owner, who subscribes to it', () => {
  const topics = ['a', 'b', 'c', 'd', 'e'];
  const subset = fc.uniqueArray(fc.constantFrom(...topics), { minLength: 1 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ topics: subset, copartitioned: fc.array(subset, { maxLength: 2 }) }), {
        minLength: 1,
      }),
      fc.nat(12),
      (members, count) => {
        const assigned = assign(members, () => count + 1);
        const seen: string[] = [];
        for (const [each, partitions] of assigned) {
          for (const { topic, partition } of partitions) {
            expect(each.topics).toContain(topic);
            seen.push(`${topic}${partition}`);
          }
        }
        const subscribed = new Set(members.flatMap((each) => each.topics));
        const all = [...subscribed].flatMap((topic) =>
          Array.from({ length: count + 1 }, (_, p) => `${topic}${p}`),
        );
        expect(seen.sort()).toEqual(all.sort());
      },
    ),
  );
});
