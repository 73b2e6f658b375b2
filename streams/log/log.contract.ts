import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogErrorCode } from './errors.ts';
import { partitionForKey } from './index.ts';
import type {
  ConsumeOptions,
  Log,
  LogConsumer,
  OutgoingRecord,
  ReadOptions,
  StoredRecord,
  TaskLog,
  TaskOptions,
  TopicPartition,
} from './log.ts';

/** A place where a log lives: opened again, it has what it had when it was closed. */
export interface LogFixture {
  open(): Promise<Log>;
  remove(): Promise<void>;
}

const DEADLINE = { timeout: 15_000, interval: 5 };

/** What `Log` promises, for any adapter. */
export function logContract(name: string, create: () => Promise<LogFixture>): void {
  describe(name, () => {
    let fixture: LogFixture;
    let log: Log;
    const consumers: LogConsumer[] = [];

    beforeEach(async () => {
      fixture = await create();
      log = await fixture.open();
    });

    afterEach(async () => {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
      await log.close();
      await fixture.remove();
    });

    const reopen = async (): Promise<void> => {
      await log.close();
      log = await fixture.open();
    };

    const createTopic = async (partitions: number): Promise<string> => {
      const topic = unique('topic');
      await log.createTopics([{ name: topic, partitions }]);
      return topic;
    };

    const readAll = (
      topic: string,
      partition = 0,
      options: Partial<ReadOptions> = {},
    ): Promise<StoredRecord[]> => collect(log.read({ topic, partition, from: 0, ...options }));

    const valuesOf = async (topic: string, partition = 0): Promise<(string | undefined)[]> =>
      (await readAll(topic, partition)).map(text);

    const openTask = (options: Partial<TaskOptions>): Promise<TaskLog> =>
      log.openTask({
        id: unique('task'),
        group: unique('group'),
        partitions: [],
        stores: [{ name: 'store' }],
        ...options,
      });

    const consume = async (
      options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'topics'>,
    ): Promise<Recorder> => {
      const recorder = new Recorder();
      recorder.consumer = await log.consume({
        group: unique('group'),
        onAssigned: async (partitions) => recorder.assigned(partitions),
        onRevoked: async (partitions) => recorder.revoked(partitions),
        onRecords: (records) => recorder.received(records),
        onError: (error) => recorder.errors.push(error),
        ...options,
      });
      consumers.push(recorder.consumer);
      return recorder;
    };

    describe('topics', () => {
      test('are created once, with the default number of partitions unless stated', async () => {
        const [stated, unstated] = [unique('topic'), unique('topic')];
        await log.createTopics([{ name: stated, partitions: 3 }, { name: unstated }]);
        await log.createTopics([{ name: stated, partitions: 3 }, { name: stated }, { name: unstated }]);
        const partitions = new Map((await log.topics()).map((topic) => [topic.name, topic.partitions]));
        expect(partitions.get(stated)).toBe(3);
        expect(partitions.get(unstated)).toBe(log.defaultPartitions);
      });

      test('keep their number of partitions: another is PARTITIONS_DIFFER, and nothing of the call is created', async () => {
        const topic = await createTopic(2);
        const other = unique('topic');
        await fails('PARTITIONS_DIFFER', log.createTopics([{ name: other }, { name: topic, partitions: 3 }]));
        expect((await log.topics()).map(({ name }) => name)).not.toContain(other);
      });

      test('take over a changed retention, and keep it after reopening', async () => {
        const name = unique('topic');
        await log.createTopics([{ name, retentionMs: 3_600_000 }]);
        await log.createTopics([{ name, retentionMs: 7_200_000 }]);
        await log.createTopics([{ name }]);
        await reopen();
        expect((await log.topics()).find((topic) => topic.name === name)).toMatchObject({
          retentionMs: 7_200_000,
        });
      });

      test('that do not exist are UNKNOWN_TOPIC everywhere', async () => {
        const topic = unique('missing');
        const task = await openTask({});
        await fails('UNKNOWN_TOPIC', log.append([record(topic, 'k', 'v')]));
        await fails('UNKNOWN_TOPIC', readAll(topic));
        await fails('UNKNOWN_TOPIC', log.offsets(topic));
        await fails('UNKNOWN_TOPIC', log.offsetsAt(topic, 0));
        await fails('UNKNOWN_TOPIC', consume({ topics: [topic] }));
        await fails('UNKNOWN_TOPIC', task.commit({ records: [record(topic, 'k', 'v')] }));
      });

      test('have no partition beyond their number', async () => {
        const topic = await createTopic(2);
        await fails('UNKNOWN_TOPIC', log.append([record(topic, 'k', 'v', { partition: 2 })]));
        await fails('UNKNOWN_TOPIC', readAll(topic, 2));
      });
    });

    describe('append', () => {
      test('answers each record’s position, in the order given', async () => {
        const topic = await createTopic(2);
        const positions = await log.append(
          [1, 0, 1, 1, 0].map((p, i) => record(topic, 'k', `${i}`, { partition: p })),
        );
        expect(positions).toEqual([
          { topic, partition: 1, offset: 0 },
          { topic, partition: 0, offset: 0 },
          { topic, partition: 1, offset: 1 },
          { topic, partition: 1, offset: 2 },
          { topic, partition: 0, offset: 1 },
        ]);
        expect(await valuesOf(topic, 0)).toEqual(['1', '4']);
        expect(await valuesOf(topic, 1)).toEqual(['0', '2', '3']);
        expect(await log.offsets(topic)).toEqual([
          { topic, partition: 0, start: 0, end: 2 },
          { topic, partition: 1, start: 0, end: 3 },
        ]);
      });

      test('puts a key where Kafka’s default partitioner does', async () => {
        const topic = await createTopic(5);
        const keys = Array.from({ length: 40 }, (_, i) => `visitor-${i}`);
        const positions = await log.append(keys.map((key) => record(topic, key, 'v')));
        expect(positions.map(({ partition }) => partition)).toEqual(
          keys.map((key) => partitionForKey(Buffer.from(key), 5)),
        );
      });

      test('spreads records without a key over all partitions', async () => {
        const topic = await createTopic(3);
        const positions = await log.append(Array.from({ length: 30 }, () => record(topic, null, 'v')));
        expect(new Set(positions.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
      });

      test('of nothing answers nothing', async () => {
        expect(await log.append([])).toEqual([]);
      });

      test('keeps keys, values, headers and timestamps as they were, null apart from empty', async () => {
        const topic = await createTopic(1);
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
        await log.append(records.map((each) => ({ ...each, partition: 0 })));
        await reopen();
        expect(await readAll(topic)).toEqual(
          records.map((each, offset) => ({ ...each, partition: 0, offset })),
        );
      });

      test('accepts records near a megabyte', async () => {
        const topic = await createTopic(1);
        const values = ['a', 'b', 'c'].map((fill) => Buffer.alloc(900_000, fill));
        await log.append(values.map((value) => ({ ...record(topic, 'k', ''), value })));
        await reopen();
        expect((await readAll(topic)).map(({ value }) => value?.equals(values.shift()!))).toEqual([
          true,
          true,
          true,
        ]);
      });

      test('refuses a record that is too large, and what came with it', async () => {
        const topic = await createTopic(1);
        const large = { ...record(topic, 'k', ''), value: Buffer.alloc(3_000_000) };
        await fails('RECORD_TOO_LARGE', log.append([record(topic, 'k', 'small'), large]));
        expect(await readAll(topic)).toEqual([]);
      });

      test('refuses a timestamp that is none', async () => {
        const topic = await createTopic(1);
        for (const timestamp of [-1, 1.5, Number.NaN]) {
          await fails('INVALID', log.append([record(topic, 'k', 'v', { timestamp })]));
        }
      });

      test('from many callers at once keeps each caller’s order and loses nothing', async () => {
        const topic = await createTopic(3);
        await Promise.all(
          Array.from({ length: 20 }, async (_, caller) => {
            for (let i = 0; i < 10; i++) {
              const values = Array.from({ length: 5 }, (_, j) =>
                record(topic, `${caller}`, `${caller}:${i * 5 + j}`),
              );
              await log.append(values);
            }
          }),
        );
        const values = (await Promise.all([0, 1, 2].map((partition) => valuesOf(topic, partition)))).flat();
        expect(values).toHaveLength(1000);
        for (let caller = 0; caller < 20; caller++) {
          const own = values.filter((value) => value?.startsWith(`${caller}:`));
          expect(own).toEqual(Array.from({ length: 50 }, (_, i) => `${caller}:${i}`));
        }
      });

      test('continues at the end after reopening', async () => {
        const topic = await createTopic(1);
        await log.append([record(topic, 'k', 'a'), record(topic, 'k', 'b')]);
        await reopen();
        expect(await log.append([record(topic, 'k', 'c')])).toEqual([{ topic, partition: 0, offset: 2 }]);
        expect(await valuesOf(topic)).toEqual(['a', 'b', 'c']);
      });
    });

    describe('read', () => {
      test('gives the range asked for', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 10));
        const offsets = async (options: Partial<ReadOptions>): Promise<number[]> =>
          (await readAll(topic, 0, options)).map(({ offset }) => offset);
        expect(await offsets({ from: 3, to: 6 })).toEqual([3, 4, 5]);
        expect(await offsets({ from: 7 })).toEqual([7, 8, 9]);
        expect(await offsets({ from: 7, to: 99 })).toEqual([7, 8, 9]);
        expect(await offsets({ from: 10 })).toEqual([]);
        expect(await offsets({ from: 12 })).toEqual([]);
        expect(await offsets({ from: 5, to: 5 })).toEqual([]);
        expect(await offsets({ from: -1, to: 1 })).toEqual([0]);
      });

      test('gives many records in chunks of at most a few thousand, each once and in order', async () => {
        const topic = await createTopic(1);
        for (let i = 0; i < 10; i++) await log.append(numbered(topic, 1200, i * 1200));
        await reopen();
        const seen: string[] = [];
        for await (const chunk of log.read({ topic, partition: 0, from: 100 })) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(5000);
          for (const each of chunk) seen.push(text(each) ?? '');
        }
        expect(seen).toEqual(Array.from({ length: 11_900 }, (_, i) => `${i + 100}`));
      });

      test('stops at the end as it was when it began', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 2));
        const reading = log.read({ topic, partition: 0, from: 0 })[Symbol.asyncIterator]();
        const first = await reading.next();
        await log.append(numbered(topic, 2, 2));
        expect(first.done ? undefined : first.value.map(text)).toEqual(['0', '1']);
        expect((await reading.next()).done).toBe(true);
      });

      test('that follows goes from the past into the present without skip or repeat, until aborted', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 500));
        const abort = new AbortController();
        const seen: (string | undefined)[] = [];
        const following = (async () => {
          for await (const chunk of log.read({
            topic,
            partition: 0,
            from: 100,
            follow: true,
            signal: abort.signal,
          })) {
            seen.push(...chunk.map(text));
          }
        })();
        for (let i = 500; i < 1500; i += 20) await log.append(numbered(topic, 20, i));
        await vi.waitFor(() => expect(seen).toHaveLength(1400), DEADLINE);
        abort.abort();
        await following;
        expect(seen).toEqual(Array.from({ length: 1400 }, (_, i) => `${i + 100}`));
        expect(
          await collect(log.read({ topic, partition: 0, from: 0, follow: true, signal: abort.signal })),
        ).toEqual([]);
      });

      test('that follows up to an offset waits for it and ends there', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 2));
        const reading = collect(log.read({ topic, partition: 0, from: 1, to: 4, follow: true }));
        await log.append(numbered(topic, 5, 2));
        expect((await reading).map(text)).toEqual(['1', '2', '3']);
      });
    });

    describe('offsetsAt', () => {
      test('finds, per partition, the first record at or after a time', async () => {
        const topic = await createTopic(3);
        const at = (partition: number, timestamp: number): OutgoingRecord =>
          record(topic, 'k', 'v', { partition, timestamp });
        for (const timestamp of [1000, 3000, 2000, 5000]) await log.append([at(0, timestamp)]);
        await log.append(Array.from({ length: 3000 }, (_, i) => at(1, 1000 + i)));
        const offsets = async (timestamp: number): Promise<number[]> =>
          (await log.offsetsAt(topic, timestamp)).map(({ offset }) => offset);
        for (const restarted of [false, true]) {
          if (restarted) await reopen();
          expect(await offsets(0)).toEqual([0, 0, 0]);
          expect(await offsets(1001)).toEqual([1, 1, 0]);
          expect(await offsets(3000)).toEqual([1, 2000, 0]);
          expect(await offsets(3001)).toEqual([3, 2001, 0]);
          expect(await offsets(5000)).toEqual([3, 3000, 0]);
          expect(await offsets(5001)).toEqual([4, 3000, 0]);
        }
      });
    });

    describe('a consumer', () => {
      test('gets every record of its topics, in order within each partition', async () => {
        const [first, second] = [await createTopic(2), await createTopic(1)];
        await log.append(
          [0, 1].flatMap((partition) => numbered(first, 50).map((each) => ({ ...each, partition }))),
        );
        const recorder = await consume({ topics: [first, second] });
        await log.append(numbered(second, 30));
        await log.append(numbered(first, 10, 50).map((each) => ({ ...each, partition: 1 })));
        await vi.waitFor(() => expect(recorder.count).toBe(140), DEADLINE);
        expect(recorder.values(first, 0)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
        expect(recorder.values(first, 1)).toEqual(Array.from({ length: 60 }, (_, i) => `${i}`));
        expect(recorder.values(second, 0)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`));
      });

      test('begins at the end if its group has committed nothing and it starts at the latest', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 5));
        const recorder = await consume({ topics: [topic], startAt: 'latest' });
        await vi.waitFor(() => expect(recorder.owned.size).toBe(1), DEADLINE);
        await log.append(numbered(topic, 3, 5));
        await vi.waitFor(() => expect(recorder.values(topic, 0)).toEqual(['5', '6', '7']), DEADLINE);
      });

      test('begins at what its group has committed, unless told where by onAssigned', async () => {
        const topic = await createTopic(2);
        await log.append(
          [0, 1].flatMap((partition) => numbered(topic, 6).map((each) => ({ ...each, partition }))),
        );
        const group = unique('group');
        const task = await openTask({ group });
        await task.commit({ offsets: [0, 1].map((partition) => ({ topic, partition, offset: 4 })) });
        const recorder = await consume({
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
        const topic = await createTopic(2);
        await log.append(numbered(topic, 5).map((each) => ({ ...each, partition: 0 })));
        const blocked = gate();
        let running = 0;
        const recorder = await consume({
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
        await log.append(numbered(topic, 5, 5).map((each) => ({ ...each, partition: 0 })));
        await log.append(numbered(topic, 5).map((each) => ({ ...each, partition: 1 })));
        await vi.waitFor(() => expect(recorder.values(topic, 1)).toHaveLength(5), DEADLINE);
        expect(recorder.values(topic, 0)).toHaveLength(5);
        blocked.open();
        await vi.waitFor(() => expect(recorder.values(topic, 0)).toHaveLength(10), DEADLINE);
        expect(recorder.errors).toEqual([]);
      });

      test('shares partitions with another of its group, and takes over when that leaves', async () => {
        const topic = await createTopic(4);
        const group = unique('group');
        const one = await consume({ group, topics: [topic] });
        await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
        const two = await consume({ group, topics: [topic] });
        await vi.waitFor(() => expect([one.owned.size, two.owned.size]).toEqual([2, 2]), DEADLINE);
        expect(new Set([...one.owned, ...two.owned]).size).toBe(4);
        await two.consumer?.close();
        expect(two.owned.size).toBe(0);
        await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
        const offset = (await log.offsets(topic)).map(({ end }) => end);
        await log.append([0, 1, 2, 3].map((partition) => record(topic, 'k', 'last', { partition })));
        await vi.waitFor(
          () => expect([0, 1, 2, 3].map((p) => one.values(topic, p).at(-1))).toEqual(Array(4).fill('last')),
          DEADLINE,
        );
        expect(offset).toEqual([0, 0, 0, 0]);
      });

      test('holds a partition alone: another is given it only after it was released', async () => {
        const topic = await createTopic(4);
        const group = unique('group');
        const released = gate();
        const one = await consume({
          group,
          topics: [topic],
          onRevoked: async (partitions) => {
            await released.opened;
            one.revoked(partitions);
          },
        });
        await vi.waitFor(() => expect(one.owned.size).toBe(4), DEADLINE);
        const owners = new Map<string, number>();
        const two = await consume({
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

      test('gets the same partition numbers of copartitioned topics', async () => {
        const [left, right, other] = [await createTopic(3), await createTopic(3), await createTopic(1)];
        const group = unique('group');
        const options = { group, topics: [left, right, other], copartitioned: [[left, right]] };
        const recorders = [await consume(options), await consume(options)];
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
        const topic = await createTopic(1);
        await log.append(numbered(topic, 3));
        const recorders = [await consume({ topics: [topic] }), await consume({ topics: [topic] })];
        await vi.waitFor(() => expect(recorders.map(({ count }) => count)).toEqual([3, 3]), DEADLINE);
      });

      test('whose onRecords rejects is told by onError and stopped', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 1));
        let calls = 0;
        const recorder = await consume({
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
        await log.append(numbered(topic, 1, 1));
        await recorder.consumer?.close();
        expect(calls).toBe(1);
        expect(recorder.owned.size).toBe(0);
      });

      test('whose onAssigned rejects is told by onError and gets no records', async () => {
        const topic = await createTopic(1);
        await log.append(numbered(topic, 1));
        const recorder = await consume({
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
        const topic = await createTopic(2);
        const recorder = await consume({ topics: [topic] });
        await vi.waitFor(() => expect(recorder.owned.size).toBe(2), DEADLINE);
        await recorder.consumer?.close();
        expect(recorder.owned.size).toBe(0);
        await log.append([0, 1].map((partition) => record(topic, 'k', 'v', { partition })));
        await collect(log.read({ topic, partition: 0, from: 0, to: 1, follow: true }));
        expect(recorder.count).toBe(0);
      });
    });

    describe('a task', () => {
      test('commits outputs, changes and offsets as one, found again after reopening', async () => {
        const [input, output] = [await createTopic(2), await createTopic(1)];
        const [id, group] = [unique('task'), unique('group')];
        const partitions = [0, 1].map((partition) => ({ topic: input, partition }));
        const task = await openTask({ id, group, partitions });
        expect(task.committed).toEqual([]);
        await task.commit({
          offsets: [{ topic: input, partition: 1, offset: 7, metadata: '{"decided":[9]}' }],
          records: [record(output, 'k', 'a'), record(output, 'k', 'b')],
          changes: [change('x', '1'), change('y', '2'), change('x', '3'), change('y', null)],
        });
        const committed = [{ topic: input, partition: 1, offset: 7, metadata: '{"decided":[9]}' }];
        for (const restarted of [false, true]) {
          if (restarted) await reopen();
          const again = await openTask({ id, group, partitions });
          expect(again.committed).toEqual(committed);
          expect(await log.committed(group)).toEqual(committed);
          expect(await valuesOf(output)).toEqual(['a', 'b']);
          expect(await get(again, 'x', 'y', 'z')).toEqual(['3', undefined, undefined]);
        }
      });

      test('is told only of the partitions it asked for', async () => {
        const topic = await createTopic(2);
        const group = unique('group');
        const task = await openTask({ group });
        await task.commit({
          offsets: [0, 1].map((partition) => ({ topic, partition, offset: 3 + partition })),
        });
        const other = await openTask({ group, partitions: [{ topic, partition: 1 }] });
        expect(other.committed).toEqual([{ topic, partition: 1, offset: 4, metadata: '' }]);
        expect(await log.committed(unique('group'))).toEqual([]);
      });

      test('writes nothing of a commit that is refused', async () => {
        const topic = await createTopic(1);
        const group = unique('group');
        const task = await openTask({ group });
        const offsets = [{ topic, partition: 0, offset: 1 }];
        const good = record(topic, 'k', 'v');
        const large = { ...good, value: Buffer.alloc(3_000_000) };
        const changes = [change('x', '1')];
        await fails('RECORD_TOO_LARGE', task.commit({ offsets, changes, records: [good, large] }));
        await fails(
          'UNKNOWN_TOPIC',
          task.commit({ offsets, changes, records: [good, record('missing', 'k', 'v')] }),
        );
        await fails(
          'UNKNOWN_STORE',
          task.commit({
            offsets,
            records: [good],
            changes: [...changes, { ...change('x', '1'), store: 'other' }],
          }),
        );
        await fails(
          'INVALID',
          task.commit({ changes, offsets: [{ ...offsets[0]!, metadata: 'x'.repeat(4097) }] }),
        );
        expect(await readAll(topic)).toEqual([]);
        expect(await log.committed(group)).toEqual([]);
        expect(await get(task, 'x')).toEqual([undefined]);
      });

      test('keeps its order with appends made before', async () => {
        const topic = await createTopic(1);
        const task = await openTask({});
        const appended = log.append(numbered(topic, 3));
        await task.commit({ records: numbered(topic, 3, 3) });
        await appended;
        await log.append(numbered(topic, 1, 6));
        expect(await valuesOf(topic)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
      });

      test('may commit without waiting for the last commit; all are applied in order', async () => {
        const topic = await createTopic(1);
        const task = await openTask({});
        await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            task.commit(
              { records: numbered(topic, 1, i), changes: [change('x', `${i}`)] },
              { durable: i % 2 === 0 },
            ),
          ),
        );
        expect(await valuesOf(topic)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
        expect(await get(task, 'x')).toEqual(['19']);
      });

      test('gets values in the order of the keys, empty apart from missing', async () => {
        const task = await openTask({});
        await task.commit({ changes: [change('a', '1'), change('', 'no key'), change('b', '')] });
        expect(await get(task, 'b', 'none', 'a', '', 'a')).toEqual(['', undefined, '1', 'no key', '1']);
        expect(await task.getMany('store', [])).toEqual([]);
        await fails('UNKNOWN_STORE', task.getMany('other', [Buffer.from('a')]));
      });

      test('scans by bytes, within bounds, forwards and backwards', async () => {
        const task = await openTask({});
        const keys = [[0], [1], [1, 0], [1, 255], [2], [128], [255], [255, 255]].map((bytes) =>
          Buffer.from(bytes),
        );
        await task.commit({
          changes: keys.map((key, i) => ({ store: 'store', key, value: Buffer.from(`${i}`) })),
        });
        const scan = async (range: Parameters<TaskLog['scan']>[1]): Promise<string> =>
          (await task.scan('store', range)).map(([, value]) => value.toString()).join('');
        expect(await scan({})).toBe('01234567');
        expect((await task.scan('store', { limit: 3 })).map(([key]) => key)).toEqual(keys.slice(0, 3));
        expect(await scan({ gte: keys[2], lt: keys[5] })).toBe('234');
        expect(await scan({ lt: keys[2], reverse: true })).toBe('10');
        expect(await scan({ reverse: true, limit: 2 })).toBe('76');
        expect(await scan({ gte: keys[6], reverse: true })).toBe('76');
        expect(await scan({ gte: keys[5], lt: keys[2] })).toBe('');
        expect(await scan({ limit: 0 })).toBe('');
        await fails('UNKNOWN_STORE', task.scan('other', {}));
      });

      test('scans thousands of entries', async () => {
        const task = await openTask({});
        const keys = Array.from({ length: 3000 }, (_, i) => String(i).padStart(5, '0'));
        await task.commit({ changes: keys.map((key) => change(key, key)) });
        expect((await task.scan('store', {})).map(([key]) => key.toString())).toEqual(keys);
        expect((await task.scan('store', { gte: Buffer.from('01000') })).length).toBe(2000);
      });

      test('has its stores to itself', async () => {
        const id = unique('task');
        const stores = [{ name: 'a' }, { name: 'aa' }];
        const [one, two] = [await openTask({ id, stores }), await openTask({ id: `${id}a`, stores })];
        const value = Buffer.from('v');
        await one.commit({ changes: [{ store: 'aa', key: Buffer.from('k'), value }] });
        await two.commit({ changes: [{ store: 'a', key: Buffer.from('l'), value }] });
        const keys = async (task: TaskLog, store: string): Promise<string[]> =>
          (await task.scan(store, {})).map(([key]) => key.toString());
        expect([await keys(one, 'a'), await keys(one, 'aa')]).toEqual([[], ['k']]);
        expect([await keys(two, 'a'), await keys(two, 'aa')]).toEqual([['l'], []]);
      });

      test('is fenced by the next to open it, which sees all it had committed', async () => {
        const topic = await createTopic(1);
        const options = { id: unique('task'), group: unique('group'), partitions: [{ topic, partition: 0 }] };
        const old = await openTask(options);
        const underway = old.commit({
          offsets: [{ topic, partition: 0, offset: 5 }],
          changes: [change('x', 'old')],
        });
        const next = await openTask(options);
        const outcome = await underway.then(
          () => 'committed',
          () => 'refused',
        );
        expect(next.committed.map(({ offset }) => offset)).toEqual(outcome === 'committed' ? [5] : []);
        expect(await get(next, 'x')).toEqual([outcome === 'committed' ? 'old' : undefined]);
        await fails('FENCED', old.commit({ changes: [change('x', 'late')] }));
        await next.commit({ changes: [change('y', 'new')] });
        expect(await get(next, 'x', 'y')).toEqual([outcome === 'committed' ? 'old' : undefined, 'new']);
      });

      test('can commit while it is told to release its partitions', async () => {
        const topic = await createTopic(1);
        const group = unique('group');
        await log.append(numbered(topic, 3));
        const task = await openTask({ group });
        const recorder = await consume({
          group,
          topics: [topic],
          onRevoked: () => task.commit({ offsets: [{ topic, partition: 0, offset: recorder.count }] }),
        });
        await vi.waitFor(() => expect(recorder.count).toBe(3), DEADLINE);
        await reopen();
        expect((await log.committed(group)).map(({ offset }) => offset)).toEqual([3]);
        expect(recorder.errors).toEqual([]);
      });
    });

    describe('after closing', () => {
      test('everything is CLOSED', async () => {
        const topic = await createTopic(1);
        const task = await openTask({});
        const finished = await openTask({});
        await finished.close();
        await fails('CLOSED', finished.commit({}));
        await log.close();
        await fails('CLOSED', log.append([record(topic, 'k', 'v')]));
        await fails('CLOSED', log.createTopics([{ name: 'x' }]));
        await fails('CLOSED', log.topics());
        await fails('CLOSED', readAll(topic));
        await fails('CLOSED', log.offsets(topic));
        await fails('CLOSED', log.offsetsAt(topic, 0));
        await fails('CLOSED', log.committed('group'));
        await fails('CLOSED', consume({ topics: [topic] }));
        await fails('CLOSED', openTask({}));
        await fails('CLOSED', task.commit({}));
        await fails('CLOSED', task.getMany('store', []));
        await log.close();
      });

      test('a read that was following ends with CLOSED', async () => {
        const topic = await createTopic(1);
        const following = collect(log.read({ topic, partition: 0, from: 0, follow: true }));
        const failed = fails('CLOSED', following);
        await log.append(numbered(topic, 1));
        await log.close();
        await failed;
      });
    });
  });
}

/** What a consumer was told, for assertions. */
class Recorder {
  consumer: LogConsumer | undefined;
  readonly owned = new Set<string>();
  readonly errors: Error[] = [];
  readonly #records: StoredRecord[] = [];

  assigned(partitions: readonly TopicPartition[]): undefined {
    for (const at of partitions) this.owned.add(label(at));
  }

  revoked(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.owned.delete(label(at));
  }

  received(records: readonly StoredRecord[]): void {
    this.#records.push(...records);
  }

  get count(): number {
    return this.#records.length;
  }

  values(topic: string, partition: number): (string | undefined)[] {
    return this.#records.filter((each) => each.topic === topic && each.partition === partition).map(text);
  }
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Adapters may share one broker: names must not meet. */
function unique(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

function label({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function record(
  topic: string,
  key: string | null,
  value: string,
  rest: Partial<OutgoingRecord> = {},
): OutgoingRecord {
  return {
    topic,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value),
    timestamp: 1,
    headers: [],
    ...rest,
  };
}

function numbered(topic: string, count: number, from = 0): OutgoingRecord[] {
  return Array.from({ length: count }, (_, i) => record(topic, 'k', `${from + i}`));
}

function change(key: string, value: string | null): { store: string; key: Buffer; value: Buffer | null } {
  return { store: 'store', key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
}

async function get(task: TaskLog, ...keys: string[]): Promise<(string | undefined)[]> {
  const values = await task.getMany(
    'store',
    keys.map((key) => Buffer.from(key)),
  );
  return values.map((value) => value?.toString());
}

function text({ value }: StoredRecord): string | undefined {
  return value?.toString();
}

async function collect(chunks: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const chunk of chunks) records.push(...chunk);
  return records;
}

async function fails(code: LogErrorCode, outcome: Promise<unknown>): Promise<void> {
  await expect(outcome).rejects.toMatchObject({ name: 'LogError', code });
}
