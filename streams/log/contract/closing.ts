import { describe, test } from 'vitest';
import { collect, fails, type LogUnderTest } from './log-under-test.ts';
import { numbered, record } from './records.ts';

export function closingContract(on: LogUnderTest): void {
  describe('after closing', () => {
    test('everything is CLOSED', async () => {
      const topic = await on.createTopic(1);
      const task = await on.openTask({});
      const finished = await on.openTask({});
      await finished.close();
      await fails('CLOSED', finished.commit({}));
      await on.log.close();
      await fails('CLOSED', on.log.append([record(topic, 'k', 'v')]));
      await fails('CLOSED', on.log.createTopics([{ name: 'x' }]));
      await fails('CLOSED', on.log.topics());
      await fails('CLOSED', on.readAll(topic));
      await fails('CLOSED', on.log.offsets(topic));
      await fails('CLOSED', on.log.offsetsAt(topic, 0));
      await fails('CLOSED', on.log.deleteRecords([{ topic, partition: 0, offset: 0 }]));
      await fails('CLOSED', on.log.committed('group'));
      await fails('CLOSED', on.consume({ topics: [topic] }));
      await fails('CLOSED', on.openTask({}));
      await fails('CLOSED', task.commit({}));
      await fails('CLOSED', task.getMany('store', []));
      await on.log.close();
    });

    test('a read that was following ends with CLOSED', async () => {
      const topic = await on.createTopic(1);
      const following = collect(on.log.read({ topic, partition: 0, from: 0, follow: true }));
      const failed = fails('CLOSED', following);
      await on.log.append(numbered(topic, 1));
      await on.log.close();
      await failed;
    });
  });
}
