import { cp, rm } from 'node:fs/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RestoreProgress, TaskLog, TaskOptions } from '../../log.ts';
import { Bench, change, record, stateOf, unique, valuesOf } from './fixtures.ts';

/** What a task keeps, and what it must not keep, when a process or its disk is lost. */
export function recoverySuite(brokers: () => string[]): void {
  describe('a task', () => {
    const bench = new Bench(brokers);
    afterEach(() => bench.clear());

    const taskOptions = async (): Promise<TaskOptions & { readonly changelog: string }> => {
      const log = await bench.open();
      const [input, changelog] = [unique('input'), unique('changelog')];
      await log.createTopics([
        { name: input, partitions: 1 },
        { name: changelog, partitions: 1, cleanup: 'compact' },
      ]);
      return {
        id: unique('task'),
        group: unique('group'),
        partitions: [{ topic: input, partition: 0 }],
        stores: [{ name: 'store', changelog: { topic: changelog, partition: 0 } }],
        changelog,
      };
    };

    /** Opens it in a process of its own. */
    const openIn = async (
      stateDirectory: string,
      options: TaskOptions,
    ): Promise<{
      task: TaskLog;
      close(): Promise<void>;
      restored(): number;
      progress: RestoreProgress[];
    }> => {
      const log = await bench.open({ stateDirectory });
      const progress: RestoreProgress[] = [];
      const task = await log.openTask({ ...options, onRestore: (each) => progress.push(each) });
      return {
        task,
        close: () => log.close(),
        restored: () => progress.at(-1)?.restored ?? 0,
        progress,
      };
    };

    test('fences its owner in another process, whose commit leaves nothing behind', async () => {
      const options = await taskOptions();
      const log = await bench.open();
      const output = unique('output');
      await log.createTopics([{ name: output, partitions: 1 }]);
      const directory = await bench.directory();
      const zombie = await openIn(directory, options);
      await zombie.task.commit({ records: [record(output, 'before')], changes: [change('x', 'before')] });
      const owner = await openIn(await bench.directory(), options);
      await expect(
        zombie.task.commit({
          records: [record(output, 'zombie')],
          changes: [change('x', 'zombie')],
          offsets: [{ ...options.partitions[0]!, offset: 9 }],
        }),
      ).rejects.toMatchObject({ code: 'FENCED' });
      await expect(zombie.task.commit({})).rejects.toMatchObject({ code: 'FENCED' });
      await owner.task.commit({ records: [record(output, 'after')] });
      await vi.waitFor(async () => expect(await valuesOf(log, output)).toEqual(['before', 'after']));
      expect(await stateOf(owner.task)).toEqual({ x: 'before' });
      expect(await log.committed(options.group)).toEqual([]);
      await zombie.close();
      expect(await stateOf((await openIn(directory, options)).task)).toEqual({ x: 'before' });
    });

    test('goes on where its store stands and replays only the tail that it lacks', async () => {
      const options = await taskOptions();
      const [directory, snapshot] = [await bench.directory(), await bench.directory()];
      const first = await openIn(directory, options);
      for (let i = 0; i < 20; i++) await first.task.commit({ changes: [change(`${i}`, 'old')] });
      await first.close();
      await cp(directory, snapshot, { recursive: true });
      const second = await openIn(directory, options);
      expect(second.restored()).toBe(0);
      for (let i = 0; i < 3; i++) await second.task.commit({ changes: [change(`${i}`, 'new')] });
      await second.task.commit({ changes: [change('3', null)] });
      const expected = await stateOf(second.task);
      await second.close();
      // As if the process had died between the transactions and what they change here.
      const third = await openIn(snapshot, options);
      expect(third.restored()).toBe(4);
      expect(await stateOf(third.task)).toEqual(expected);
      expect(expected).toMatchObject({ 0: 'new', 4: 'old' });
      expect(expected).not.toHaveProperty('3');
    });

    test('that lost its disk restores everything, and says how far it is', async () => {
      const options = await taskOptions();
      const directory = await bench.directory();
      const first = await openIn(directory, options);
      for (let i = 0; i < 5; i++) {
        const changes = Array.from({ length: 1000 }, (_, j) =>
          change(`${i * 1000 + j}`, `${'x'.repeat(300)}${j}`),
        );
        await first.task.commit({ changes: [...changes, change('gone', i === 4 ? null : `${i}`)] });
      }
      const expected = await stateOf(first.task);
      await first.close();
      await rm(directory, { recursive: true });
      const second = await openIn(directory, options);
      expect(await stateOf(second.task)).toEqual(expected);
      expect(Object.keys(expected)).toHaveLength(5000);
      expect(second.restored()).toBe(5005);
      expect(second.progress.length).toBeGreaterThan(1);
      const remaining = second.progress.map((each) => each.remaining);
      expect(remaining).toEqual([...remaining].sort((a, b) => b - a));
      expect(second.progress.at(-1)).toMatchObject({ task: options.id, store: 'store', remaining: 0 });
      expect(second.progress.at(-1)?.recordsPerSecond).toBeGreaterThan(0);
    });

    test('whose changelog was made anew does not keep what the old one said', async () => {
      const options = await taskOptions();
      const directory = await bench.directory();
      const first = await openIn(directory, options);
      await first.task.commit({ changes: [change('x', '1'), change('y', '1')] });
      await first.close();
      const other = await taskOptions();
      const second = await openIn(directory, { ...options, stores: other.stores ?? [] });
      expect(await stateOf(second.task)).toEqual({});
    });

    test('keeps a store without changelog here, and only here', async () => {
      const options = { ...(await taskOptions()), stores: [{ name: 'store' }] };
      const [here, elsewhere] = [await bench.directory(), await bench.directory()];
      const first = await openIn(here, options);
      await first.task.commit({ changes: [change('x', '1')] });
      await first.close();
      const second = await openIn(here, options);
      expect(await stateOf(second.task)).toEqual({ x: '1' });
      await second.close();
      expect(await stateOf((await openIn(elsewhere, options)).task)).toEqual({});
    });

    test('is LOCKED to another process that shares the state directory', async () => {
      const options = await taskOptions();
      const directory = await bench.directory();
      await openIn(directory, options);
      await expect(openIn(directory, options)).rejects.toMatchObject({ code: 'LOCKED' });
    });

    test('commits what spans several batches of a partition, and many partitions', async () => {
      const options = await taskOptions();
      const log = await bench.open();
      const output = unique('output');
      await log.createTopics([{ name: output, partitions: 20 }]);
      const { task } = await openIn(await bench.directory(), options);
      const large = 'x'.repeat(400_000);
      const records = Array.from({ length: 7 }, (_, i) => record(output, `${i}${large}`, { partition: 0 }));
      for (let partition = 1; partition < 20; partition++)
        records.push(record(output, 'small', { partition }));
      await task.commit({ records });
      expect((await valuesOf(log, output)).map((value) => value[0])).toEqual([...'0123456']);
      expect(await valuesOf(log, output, 19)).toEqual(['small']);
    });
  });

  describe('a consumer', () => {
    const bench = new Bench(brokers);
    afterEach(() => bench.clear());

    test('stays in its group however slow it is, fetches no more than it may, and goes on', async () => {
      const log = await bench.open({ sessionTimeoutMs: 4_000 });
      const topic = unique('topic');
      await log.createTopics([{ name: topic, partitions: 1 }]);
      const large = 'x'.repeat(100_000);
      await log.append(Array.from({ length: 100 }, (_, i) => record(topic, `${i} ${large}`)));
      let finish: () => void = () => {};
      const slow = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const seen: string[] = [];
      const told: string[] = [];
      await log.consume({
        group: unique('group'),
        topics: [topic],
        onAssigned: async () => void told.push('assigned'),
        onRevoked: async () => void told.push('revoked'),
        onRecords: async (records) => {
          seen.push(...records.map(({ value }) => value?.toString().split(' ')[0] ?? ''));
          await slow;
        },
        onError: (error) => told.push(error.message),
      });
      await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 60_000 });
      const since = performance.now();
      const before = seen.length;
      await vi.waitFor(() => expect(performance.now() - since).toBeGreaterThan(5_500), { timeout: 60_000 });
      expect(told).toEqual(['assigned']);
      expect(seen).toHaveLength(before);
      expect(before).toBeLessThan(100);
      finish();
      await vi.waitFor(() => expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`)), {
        timeout: 60_000,
      });
      expect(told).toEqual(['assigned']);
    });
  });

  describe('with other clients', () => {
    const bench = new Bench(brokers);
    const kafkajs = (): Kafka =>
      new Kafka({ brokers: brokers(), clientId: 'other', logLevel: logLevel.NOTHING });
    afterEach(() => bench.clear());

    test('reads what kafkajs commits and skips what it aborts, compressed or not', async () => {
      const log = await bench.open();
      const topic = unique('topic');
      await log.createTopics([{ name: topic, partitions: 1 }]);
      const producer = kafkajs().producer({
        transactionalId: unique('theirs'),
        maxInFlightRequests: 1,
        idempotent: true,
      });
      await producer.connect();
      for (const [value, outcome, compression] of [
        ['a', 'commit', 0],
        ['x', 'abort', 0],
        ['b', 'commit', 1],
        ['y', 'abort', 1],
      ] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value }, { value }], compression });
        await transaction[outcome]();
      }
      await producer.disconnect();
      await log.append([record(topic, 'c')]);
      await vi.waitFor(async () => expect(await valuesOf(log, topic)).toEqual(['a', 'a', 'b', 'b', 'c']));
    });

    test('is read by kafkajs: only commits, keys, headers and times as written', async () => {
      const log = await bench.open();
      const topic = unique('topic');
      await log.createTopics([{ name: topic, partitions: 1 }]);
      const task = await log.openTask({ id: unique('task'), group: unique('group'), partitions: [] });
      const headers = [['h', Buffer.from('1')]] as const;
      await task.commit({
        records: [record(topic, 'v', { key: Buffer.from('k'), headers, timestamp: 1234 })],
      });
      const consumer = kafkajs().consumer({ groupId: unique('theirs') });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const seen: unknown[] = [];
      await consumer.run({
        eachMessage: async ({ message: { key, value, timestamp, headers: own } }) => {
          seen.push([key?.toString(), value?.toString(), timestamp, own?.h?.toString()]);
        },
      });
      await vi.waitFor(() => expect(seen).toEqual([['k', 'v', '1234', '1']]), { timeout: 60_000 });
      await consumer.disconnect();
    });
  });
}
