import { describe, expect, test } from 'vitest';
import { fails, type LogUnderTest } from './log-under-test.ts';
import { numbered, record, unique } from './records.ts';

export function deleteRecordsContract(on: LogUnderTest): void {
  describe('deleteRecords', () => {
    /** A partition of 20 records, appended two at a time. */
    const filled = async (): Promise<string> => {
      const topic = await on.createTopic(2);
      for (let i = 0; i < 20; i += 2) {
        await on.log.append(numbered(topic, 2, i).map((each) => ({ ...each, partition: 0 })));
      }
      return topic;
    };
    const offsetsOf = async (topic: string): Promise<number[]> =>
      (await on.readAll(topic)).map(({ offset }) => offset);

    test('deletes what lies before the offset, maybe not quite all, and nothing else', async () => {
      const topic = await filled();
      await on.log.append([record(topic, 'k', 'other', { partition: 1 })]);
      await on.log.deleteRecords([{ topic, partition: 0, offset: 13 }]);
      for (const reopened of [false, true]) {
        if (reopened) await on.reopen();
        const kept = await offsetsOf(topic);
        expect(kept[0]).toBeGreaterThan(10);
        expect(kept.filter((offset) => offset >= 13)).toEqual([13, 14, 15, 16, 17, 18, 19]);
        const [first, other] = await on.log.offsets(topic);
        expect(first).toMatchObject({ start: kept[0], end: 20 });
        expect(other).toMatchObject({ start: 0, end: 1 });
      }
    });

    test('once more, or of what is deleted already, changes nothing', async () => {
      const topic = await filled();
      await on.log.deleteRecords([{ topic, partition: 0, offset: 13 }]);
      const kept = await offsetsOf(topic);
      await on.log.deleteRecords([{ topic, partition: 0, offset: 13 }]);
      await on.log.deleteRecords([
        { topic, partition: 0, offset: 4 },
        { topic, partition: 1, offset: 0 },
      ]);
      expect(await offsetsOf(topic)).toEqual(kept);
    });

    test('up to the end leaves the offsets of what follows as they would have been', async () => {
      const topic = await filled();
      await on.log.deleteRecords([{ topic, partition: 0, offset: 20 }]);
      await on.reopen();
      const [position] = await on.log.append([record(topic, 'k', 'next', { partition: 0 })]);
      expect(position?.offset).toBe(20);
      expect(await on.readAll(topic, 0, { from: 20 })).toHaveLength(1);
    });

    test('leaves a consumer that was behind to go on with the oldest that is there', async () => {
      const topic = await filled();
      await on.log.deleteRecords([{ topic, partition: 0, offset: 13 }]);
      const kept = await offsetsOf(topic);
      expect((await on.readAll(topic, 0, { from: 5 })).map(({ offset }) => offset)).toEqual(kept);
    });

    test('refuses an offset beyond the end, one that is none, and a compacted topic, as INVALID', async () => {
      const topic = await filled();
      const compacted = unique('compacted');
      await on.log.createTopics([{ name: compacted, partitions: 1, cleanup: 'compact' }]);
      await on.log.append([record(compacted, 'k', 'v')]);
      for (const offset of [21, -1, 0.5]) {
        await fails('INVALID', on.log.deleteRecords([{ topic, partition: 0, offset }]));
      }
      await fails('INVALID', on.log.deleteRecords([{ topic: compacted, partition: 0, offset: 1 }]));
      await fails('UNKNOWN_TOPIC', on.log.deleteRecords([{ topic, partition: 2, offset: 0 }]));
      expect(await offsetsOf(topic)).toHaveLength(20);
    });
  });
}
