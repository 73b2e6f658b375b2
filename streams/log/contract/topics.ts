import { describe, expect, test } from 'vitest';
import { fails, type LogUnderTest } from './log-under-test.ts';
import { record, unique } from './records.ts';

export function topicsContract(on: LogUnderTest): void {
  describe('topics', () => {
    test('are created once, with the default number of partitions unless stated', async () => {
      const [stated, unstated] = [unique('topic'), unique('topic')];
      await on.log.createTopics([{ name: stated, partitions: 3 }, { name: unstated }]);
      await on.log.createTopics([{ name: stated, partitions: 3 }, { name: stated }, { name: unstated }]);
      const partitions = new Map((await on.log.topics()).map((topic) => [topic.name, topic.partitions]));
      expect(partitions.get(stated)).toBe(3);
      expect(partitions.get(unstated)).toBe(on.log.defaultPartitions);
    });

    test('keep their number of partitions: another is PARTITIONS_DIFFER, and nothing of the call is created', async () => {
      const topic = await on.createTopic(2);
      const other = unique('topic');
      await fails(
        'PARTITIONS_DIFFER',
        on.log.createTopics([{ name: other }, { name: topic, partitions: 3 }]),
      );
      expect((await on.log.topics()).map(({ name }) => name)).not.toContain(other);
    });

    test('take over a changed retention, and keep it after reopening', async () => {
      const name = unique('topic');
      await on.log.createTopics([{ name, retentionMs: 3_600_000 }]);
      await on.log.createTopics([{ name, retentionMs: 7_200_000 }]);
      await on.log.createTopics([{ name }]);
      await on.reopen();
      expect((await on.log.topics()).find((topic) => topic.name === name)).toMatchObject({
        retentionMs: 7_200_000,
      });
    });

    test('that do not exist are UNKNOWN_TOPIC everywhere', async () => {
      const topic = unique('missing');
      const task = await on.openTask({});
      await fails('UNKNOWN_TOPIC', on.log.append([record(topic, 'k', 'v')]));
      await fails('UNKNOWN_TOPIC', on.readAll(topic));
      await fails('UNKNOWN_TOPIC', on.log.offsets(topic));
      await fails('UNKNOWN_TOPIC', on.log.offsetsAt(topic, 0));
      await fails('UNKNOWN_TOPIC', on.consume({ topics: [topic] }));
      await fails('UNKNOWN_TOPIC', task.commit({ records: [record(topic, 'k', 'v')] }));
    });

    test('have no partition beyond their number', async () => {
      const topic = await on.createTopic(2);
      await fails('UNKNOWN_TOPIC', on.log.append([record(topic, 'k', 'v', { partition: 2 })]));
      await fails('UNKNOWN_TOPIC', on.readAll(topic, 2));
    });
  });
}
