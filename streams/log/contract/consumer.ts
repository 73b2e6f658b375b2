import { describe, expect, test, vi } from 'vitest';
import { collect, DEADLINE, gate, type LogUnderTest, label, type Recorder } from './log-under-test.ts';
import { numbered, record, unique } from './records.ts';

export function consumerContract(on: LogUnderTest): void {
  describe('a consumer', () => {
    test('gets every record of its topics, in order within each partition', async () => {
      const [first, second] = [await on.createTopic(2), await on.createTopic(1)];
      await on.log.append(
        [0, 1].flatMap((partition) => numbered(first, 50).map((each) => ({ ...each, partition }))),
      );
      const recorder = await on.consume({ topics: [first, second] });
      await on.log.append(numbered(second, 30));
      await on.log.append(numbered(first, 10, 50).map((each) => ({ ...each, partition: 1 })));
      await vi.waitFor(() => expect(recorder.count).toBe(140), DEADLINE);
      expect(recorder.values(first, 0)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
      expect(recorder.values(first, 1)).toEqual(Array.from({ length: 60 }, (_, i) => `${i}`));
      expect(recorder.values(second, 0)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`));
    });

    test('begins at the end if its group has committed nothing and it starts at the latest', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 5));
      const recorder = await on.consume({ topics: [topic], startAt: 'latest' });
      await vi.waitFor(() => expect(recorder.owned.size).toBe(1), DEADLINE);
      await on.log.append(numbered(topic, 3, 5));
      await vi.waitFor(() => expect(recorder.values(topic, 0)).toEqual(['5', '6', '7']), DEADLINE);
    });

    test('begins at what its group has committed, unless told where by onAssigned', async () => {
      const topic = await on.createTopic(2);
      await on.log.append(
        [0, 1].flatMap((partition) => numbered(topic, 6).map((each) => ({ ...each, partition }))),
      );
      const group = unique('group');
      const task = await on.openTask({ group });
      await task.commit({ offsets: [0, 1].map((partition) => ({ topic, partition, offset: 4 })) });
      const recorder = await on.consume({
        group,
        topics: [topic],
        startAt: 'latest',
        onAssigned: async () => [{ topic, partition: 1, offset: 2 }],
      });
      await vi.waitFor(() => expect(recorder.count).toBe(6), DEADLINE);
      expect(recorder.values(topic, 0)).toEqual(['4', '5']);
      expect(recorder.values(topic, 1)).toEqual(['2', '3', '4', '5']);
    });

    test('is not given more of a partition before it is done with what it has, but of others', async () => {
      const topic = await on.createTopic(2);
      await on.log.append(numbered(topic, 5).map((each) => ({ ...each, partition: 0 })));
      const blocked = gate();
      let running = 0;
      const recorder = await on.consume({
        topics: [topic],
        onRecords: async (records) => {
          recorder.received(records);
          if (records[0]?.partition !== 0) return;
          expect(++running).toBe(1);
          await blocked.opened;
          running--;
        },
      });
      await vi.waitFor(() => expect(recorder.values(topic, 0)).toHaveLength(5), DEADLINE);
      await on.log.append(numbered(topic, 5, 5).map((each) => ({ ...each, partition: 0 })));
      await on.log.append(numbered(topic, 5).map((each) => ({ ...each, partition: 1 })));
      await vi.waitFor(() => expect(recorder.values(topic, 1)).toHaveLength(5), DEADLINE);
      expect(recorder.values(topic, 0)).toHaveLength(5);
      blocked.open();
      await vi.waitFor(() => expect(recorder.values(topic, 0)).toHaveLength(10), DEADLINE);
      expect(recorder.errors).toEqual([]);
    });

    test('shares partitions with another of its group, and takes over when that leaves', async () => {
      const topic = await on.createTopic(4);
      const group = unique('group');
      const one = await on.consume({ group, topics: [topic] });
      await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
      const two = await on.consume({ group, topics: [topic] });
      await vi.waitFor(() => expect([one.owned.size, two.owned.size]).toEqual([2, 2]), DEADLINE);
      expect(new Set([...one.owned, ...two.owned]).size).toBe(4);
      await two.consumer?.close();
      expect(two.owned.size).toBe(0);
      await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
      const offset = (await on.log.offsets(topic)).map(({ end }) => end);
      await on.log.append([0, 1, 2, 3].map((partition) => record(topic, 'k', 'last', { partition })));
      await vi.waitFor(
        () => expect([0, 1, 2, 3].map((p) => one.values(topic, p).at(-1))).toEqual(Array(4).fill('last')),
        DEADLINE,
      );
      expect(offset).toEqual([0, 0, 0, 0]);
    });

    test('holds a partition alone: another is given it only after it was released', async () => {
      const topic = await on.createTopic(4);
      const group = unique('group');
      const released = gate();
      const one = await on.consume({
        group,
        topics: [topic],
        onRevoked: async (partitions) => {
          await released.opened;
          one.revoked(partitions);
        },
      });
      await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
      const owners = new Map<string, number>();
      const two = await on.consume({
        group,
        topics: [topic],
        onAssigned: async (partitions) => {
          for (const at of partitions) owners.set(label(at), one.owned.has(label(at)) ? 2 : 1);
          return two.assigned(partitions);
        },
      });
      released.open();
      await vi.waitFor(() => expect(owners.size).toBe(2), DEADLINE);
      expect([...owners.values()]).toEqual([1, 1]);
    });

    test('is given no more of a partition from the moment it is told to release it', async () => {
      const topic = await on.createTopic(2);
      const group = unique('group');
      const handed: number[] = [];
      const recorder = await on.consume({
        group,
        topics: [topic],
        onRevoked: async (partitions) => {
          for (const { partition } of partitions) {
            await on.log.append(numbered(topic, 3).map((each) => ({ ...each, partition })));
            await collect(on.log.read({ topic, partition, from: 0, to: 3, follow: true }));
            handed.push(recorder.values(topic, partition).length);
          }
          recorder.revoked(partitions);
        },
      });
      await vi.waitFor(() => expect(recorder.owned.size).toBe(2), DEADLINE);
      const other = await on.consume({ group, topics: [topic] });
      await vi.waitFor(() => expect([recorder.owned.size, other.owned.size]).toEqual([1, 1]), DEADLINE);
      expect(new Set(handed)).toEqual(new Set([0]));
      await vi.waitFor(() => expect(other.count).toBe(3), DEADLINE);
    });

    test('gets the same partition numbers of copartitioned topics', async () => {
      const [left, right, other] = [
        await on.createTopic(3),
        await on.createTopic(3),
        await on.createTopic(1),
      ];
      const group = unique('group');
      const options = { group, topics: [left, right, other], copartitioned: [[left, right]] };
      const recorders = [await on.consume(options), await on.consume(options)];
      const numbers = (recorder: Recorder, topic: string): string[] =>
        [...recorder.owned]
          .filter((at) => at.startsWith(`${topic}-`))
          .map((at) => at.slice(topic.length + 1));
      await vi.waitFor(() => {
        expect(recorders.flatMap((recorder) => [...recorder.owned])).toHaveLength(7);
        for (const recorder of recorders) expect(recorder.owned.size).toBeGreaterThan(0);
      }, DEADLINE);
      for (const recorder of recorders) {
        expect(numbers(recorder, left).sort()).toEqual(numbers(recorder, right).sort());
      }
    });

    test('of another group gets everything again', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 3));
      const recorders = [await on.consume({ topics: [topic] }), await on.consume({ topics: [topic] })];
      await vi.waitFor(() => expect(recorders.map(({ count }) => count)).toEqual([3, 3]), DEADLINE);
    });

    test('whose onRecords rejects is told by onError and stopped', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 1));
      let calls = 0;
      const recorder = await on.consume({
        topics: [topic],
        onRecords: async () => {
          calls++;
          throw new Error('poison');
        },
      });
      await vi.waitFor(
        () => expect(recorder.errors.map(({ message }) => message)).toEqual(['poison']),
        DEADLINE,
      );
      await on.log.append(numbered(topic, 1, 1));
      await recorder.consumer?.close();
      expect(calls).toBe(1);
      expect(recorder.owned.size).toBe(0);
    });

    test('whose onAssigned rejects is told by onError and gets no records', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 1));
      const recorder = await on.consume({
        topics: [topic],
        onAssigned: () => Promise.reject(new Error('no room')),
      });
      await vi.waitFor(
        () => expect(recorder.errors.map(({ message }) => message)).toEqual(['no room']),
        DEADLINE,
      );
      await recorder.consumer?.close();
      expect(recorder.count).toBe(0);
    });

    test('that is closed has released all it held and is called no more', async () => {
      const topic = await on.createTopic(2);
      const recorder = await on.consume({ topics: [topic] });
      await vi.waitFor(() => expect(recorder.owned.size).toBe(2), DEADLINE);
      await recorder.consumer?.close();
      expect(recorder.owned.size).toBe(0);
      await on.log.append([0, 1].map((partition) => record(topic, 'k', 'v', { partition })));
      await collect(on.log.read({ topic, partition: 0, from: 0, to: 1, follow: true }));
      expect(recorder.count).toBe(0);
    });
  });
}
