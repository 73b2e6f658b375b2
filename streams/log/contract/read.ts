import { describe, expect, test, vi } from 'vitest';
import type { OutgoingRecord, ReadOptions } from '../log.ts';
import { collect, DEADLINE, type LogUnderTest } from './log-under-test.ts';
import { numbered, record, text } from './records.ts';

export function readContract(on: LogUnderTest): void {
  describe('read', () => {
    test('gives the range asked for', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 10));
      const offsets = async (options: Partial<ReadOptions>): Promise<number[]> =>
        (await on.readAll(topic, 0, options)).map(({ offset }) => offset);
      expect(await offsets({ from: 3, to: 6 })).toEqual([3, 4, 5]);
      expect(await offsets({ from: 7 })).toEqual([7, 8, 9]);
      expect(await offsets({ from: 7, to: 99 })).toEqual([7, 8, 9]);
      expect(await offsets({ from: 10 })).toEqual([]);
      expect(await offsets({ from: 12 })).toEqual([]);
      expect(await offsets({ from: 5, to: 5 })).toEqual([]);
      expect(await offsets({ from: -1, to: 1 })).toEqual([0]);
    });

    test('gives many records in chunks of at most a few thousand, each once and in order', async () => {
      const topic = await on.createTopic(1);
      for (let i = 0; i < 10; i++) await on.log.append(numbered(topic, 1200, i * 1200));
      await on.reopen();
      const seen: string[] = [];
      for await (const chunk of on.log.read({ topic, partition: 0, from: 100 })) {
        expect(chunk.length).toBeGreaterThan(0);
        expect(chunk.length).toBeLessThanOrEqual(5000);
        for (const each of chunk) seen.push(text(each) ?? '');
      }
      expect(seen).toEqual(Array.from({ length: 11_900 }, (_, i) => `${i + 100}`));
    });

    test('stops at the end as it was when it began', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 2));
      const reading = on.log.read({ topic, partition: 0, from: 0 })[Symbol.asyncIterator]();
      const first = await reading.next();
      await on.log.append(numbered(topic, 2, 2));
      expect(first.done ? undefined : first.value.map(text)).toEqual(['0', '1']);
      expect((await reading.next()).done).toBe(true);
    });

    test('that follows goes from the past into the present without skip or repeat, until aborted', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 500));
      const abort = new AbortController();
      const seen: (string | undefined)[] = [];
      const following = (async () => {
        for await (const chunk of on.log.read({
          topic,
          partition: 0,
          from: 100,
          follow: true,
          signal: abort.signal,
        })) {
          seen.push(...chunk.map(text));
        }
      })();
      for (let i = 500; i < 1500; i += 20) await on.log.append(numbered(topic, 20, i));
      await vi.waitFor(() => expect(seen).toHaveLength(1400), DEADLINE);
      abort.abort();
      await following;
      expect(seen).toEqual(Array.from({ length: 1400 }, (_, i) => `${i + 100}`));
      expect(
        await collect(on.log.read({ topic, partition: 0, from: 0, follow: true, signal: abort.signal })),
      ).toEqual([]);
    });

    test('that follows up to an offset waits for it and ends there', async () => {
      const topic = await on.createTopic(1);
      await on.log.append(numbered(topic, 2));
      const reading = collect(on.log.read({ topic, partition: 0, from: 1, to: 4, follow: true }));
      await on.log.append(numbered(topic, 5, 2));
      expect((await reading).map(text)).toEqual(['1', '2', '3']);
    });
  });

  describe('offsetsAt', () => {
    test('finds, per partition, the first record at or after a time', async () => {
      const topic = await on.createTopic(3);
      const at = (partition: number, timestamp: number): OutgoingRecord =>
        record(topic, 'k', 'v', { partition, timestamp });
      for (const timestamp of [1000, 3000, 2000, 5000]) await on.log.append([at(0, timestamp)]);
      await on.log.append(Array.from({ length: 3000 }, (_, i) => at(1, 1000 + i)));
      const offsets = async (timestamp: number): Promise<number[]> =>
        (await on.log.offsetsAt(topic, timestamp)).map(({ offset }) => offset);
      for (const restarted of [false, true]) {
        if (restarted) await on.reopen();
        expect(await offsets(0)).toEqual([0, 0, 0]);
        expect(await offsets(1001)).toEqual([1, 1, 0]);
        expect(await offsets(3000)).toEqual([1, 2000, 0]);
        expect(await offsets(3001)).toEqual([3, 2001, 0]);
        expect(await offsets(5000)).toEqual([3, 3000, 0]);
        expect(await offsets(5001)).toEqual([4, 3000, 0]);
      }
    });
  });
}
