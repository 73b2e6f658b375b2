import { describe, expect, test } from 'vitest';
import type { OutgoingRecord } from '../log.ts';
import { partitionForKey } from '../partitioner.ts';
import { fails, type LogUnderTest } from './log-under-test.ts';
import { record } from './records.ts';

export function appendContract(on: LogUnderTest): void {
  describe('append', () => {
    test('answers each record’s position, in the order given', async () => {
      const topic = await on.createTopic(2);
      const positions = await on.log.append(
        [1, 0, 1, 1, 0].map((p, i) => record(topic, 'k', `${i}`, { partition: p })),
      );
      expect(positions).toEqual([
        { topic, partition: 1, offset: 0 },
        { topic, partition: 0, offset: 0 },
        { topic, partition: 1, offset: 1 },
        { topic, partition: 1, offset: 2 },
        { topic, partition: 0, offset: 1 },
      ]);
      expect(await on.valuesOf(topic, 0)).toEqual(['1', '4']);
      expect(await on.valuesOf(topic, 1)).toEqual(['0', '2', '3']);
      expect(await on.log.offsets(topic)).toEqual([
        { topic, partition: 0, start: 0, end: 2 },
        { topic, partition: 1, start: 0, end: 3 },
      ]);
    });

    test('puts a key where Kafka’s default partitioner does', async () => {
      const topic = await on.createTopic(5);
      const keys = Array.from({ length: 40 }, (_, i) => `visitor-${i}`);
      const positions = await on.log.append(keys.map((key) => record(topic, key, 'v')));
      expect(positions.map(({ partition }) => partition)).toEqual(
        keys.map((key) => partitionForKey(Buffer.from(key), 5)),
      );
    });

    test('spreads records without a key over all partitions', async () => {
      const topic = await on.createTopic(3);
      const positions = await on.log.append(Array.from({ length: 30 }, () => record(topic, null, 'v')));
      expect(new Set(positions.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    });

    test('of nothing answers nothing', async () => {
      expect(await on.log.append([])).toEqual([]);
    });

    test('keeps keys, values, headers and timestamps as they were, null apart from empty', async () => {
      const topic = await on.createTopic(1);
      const records: OutgoingRecord[] = [
        { topic, key: null, value: null, timestamp: 0, headers: [] },
        { topic, key: Buffer.alloc(0), value: Buffer.alloc(0), timestamp: 1, headers: [] },
        { topic, key: null, value: Buffer.from([0, 255, 1]), timestamp: 1_700_000_000_000, headers: [] },
        {
          topic,
          key: Buffer.from('schlüssel'),
          value: null,
          timestamp: 1_600_000_000_000,
          headers: [['', Buffer.alloc(0)]],
        },
        {
          topic,
          key: Buffer.from('k'),
          value: Buffer.from('v'),
          timestamp: 4_102_444_800_000,
          headers: [
            ['trace', Buffer.from('1')],
            ['größe', Buffer.alloc(300, 7)],
            ['trace', Buffer.from('2')],
          ],
        },
      ];
      await on.log.append(records.map((each) => ({ ...each, partition: 0 })));
      await on.reopen();
      expect(await on.readAll(topic)).toEqual(
        records.map((each, offset) => ({ ...each, partition: 0, offset })),
      );
    });

    test('accepts records near a megabyte', async () => {
      const topic = await on.createTopic(1);
      const values = ['a', 'b', 'c'].map((fill) => Buffer.alloc(900_000, fill));
      await on.log.append(values.map((value) => ({ ...record(topic, 'k', ''), value })));
      await on.reopen();
      expect((await on.readAll(topic)).map(({ value }) => value?.equals(values.shift()!))).toEqual([
        true,
        true,
        true,
      ]);
    });

    test('refuses a record that is too large, and what came with it', async () => {
      const topic = await on.createTopic(1);
      const large = { ...record(topic, 'k', ''), value: Buffer.alloc(3_000_000) };
      await fails('RECORD_TOO_LARGE', on.log.append([record(topic, 'k', 'small'), large]));
      expect(await on.readAll(topic)).toEqual([]);
    });

    test('refuses a timestamp that is none', async () => {
      const topic = await on.createTopic(1);
      for (const timestamp of [-1, 1.5, Number.NaN]) {
        await fails('INVALID', on.log.append([record(topic, 'k', 'v', { timestamp })]));
      }
    });

    test('from many callers at once keeps each caller’s order and loses nothing', async () => {
      const topic = await on.createTopic(3);
      await Promise.all(
        Array.from({ length: 20 }, async (_, caller) => {
          for (let i = 0; i < 10; i++) {
            const values = Array.from({ length: 5 }, (_, j) =>
              record(topic, `${caller}`, `${caller}:${i * 5 + j}`),
            );
            await on.log.append(values);
          }
        }),
      );
      const values = (await Promise.all([0, 1, 2].map((partition) => on.valuesOf(topic, partition)))).flat();
      expect(values).toHaveLength(1000);
      for (let caller = 0; caller < 20; caller++) {
        const own = values.filter((value) => value?.startsWith(`${caller}:`));
        expect(own).toEqual(Array.from({ length: 50 }, (_, i) => `${caller}:${i}`));
      }
    });

    test('continues at the end after reopening', async () => {
      const topic = await on.createTopic(1);
      await on.log.append([record(topic, 'k', 'a'), record(topic, 'k', 'b')]);
      await on.reopen();
      expect(await on.log.append([record(topic, 'k', 'c')])).toEqual([{ topic, partition: 0, offset: 2 }]);
      expect(await on.valuesOf(topic)).toEqual(['a', 'b', 'c']);
    });
  });
}
