import { describe, expect, test, vi } from 'vitest';
import type { TaskLog } from '../log.ts';
import { change, DEADLINE, fails, get, type LogUnderTest } from './log-under-test.ts';
import { numbered, record, unique } from './records.ts';

export function taskContract(on: LogUnderTest): void {
  describe('a task', () => {
    test('commits outputs, changes and offsets as one, found again after reopening', async () => {
      const [input, output] = [await on.createTopic(2), await on.createTopic(1)];
      const [id, group] = [unique('task'), unique('group')];
      const partitions = [0, 1].map((partition) => ({ topic: input, partition }));
      const task = await on.openTask({ id, group, partitions });
      expect(task.committed).toEqual([]);
      await task.commit({
        offsets: [{ topic: input, partition: 1, offset: 7, metadata: '{"decided":[9]}' }],
        records: [record(output, 'k', 'a'), record(output, 'k', 'b')],
        changes: [change('x', '1'), change('y', '2'), change('x', '3'), change('y', null)],
      });
      const committed = [{ topic: input, partition: 1, offset: 7, metadata: '{"decided":[9]}' }];
      for (const restarted of [false, true]) {
        if (restarted) await on.reopen();
        const again = await on.openTask({ id, group, partitions });
        expect(again.committed).toEqual(committed);
        expect(await on.log.committed(group)).toEqual(committed);
        expect(await on.valuesOf(output)).toEqual(['a', 'b']);
        expect(await get(again, 'x', 'y', 'z')).toEqual(['3', undefined, undefined]);
      }
    });

    test('may commit nothing, and have no stores', async () => {
      const topic = await on.createTopic(1);
      const task = await on.openTask({ stores: [] });
      await task.commit({});
      await task.commit({}, { durable: true });
      await task.commit({ offsets: [], records: [], changes: [] });
      await task.commit({ records: numbered(topic, 3) });
      expect(await on.valuesOf(topic)).toEqual(['0', '1', '2']);
    });

    test('is told only of the partitions it asked for', async () => {
      const topic = await on.createTopic(2);
      const group = unique('group');
      const task = await on.openTask({ group });
      await task.commit({
        offsets: [0, 1].map((partition) => ({ topic, partition, offset: 3 + partition })),
      });
      const other = await on.openTask({ group, partitions: [{ topic, partition: 1 }] });
      expect(other.committed).toEqual([{ topic, partition: 1, offset: 4, metadata: '' }]);
      expect(await on.log.committed(unique('group'))).toEqual([]);
    });

    test('writes nothing of a commit that is refused', async () => {
      const topic = await on.createTopic(1);
      const group = unique('group');
      const task = await on.openTask({ group });
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
      expect(await on.readAll(topic)).toEqual([]);
      expect(await on.log.committed(group)).toEqual([]);
      expect(await get(task, 'x')).toEqual([undefined]);
    });

    test('keeps its order with appends made before', async () => {
      const topic = await on.createTopic(1);
      const task = await on.openTask({});
      const appended = on.log.append(numbered(topic, 3));
      await task.commit({ records: numbered(topic, 3, 3) });
      await appended;
      await on.log.append(numbered(topic, 1, 6));
      expect(await on.valuesOf(topic)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    });

    test('may commit without waiting for the last commit; all are applied in order', async () => {
      const topic = await on.createTopic(1);
      const task = await on.openTask({});
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          task.commit(
            { records: numbered(topic, 1, i), changes: [change('x', `${i}`)] },
            { durable: i % 2 === 0 },
          ),
        ),
      );
      expect(await on.valuesOf(topic)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
      expect(await get(task, 'x')).toEqual(['19']);
    });

    test('gets values in the order of the keys, empty apart from missing', async () => {
      const task = await on.openTask({});
      await task.commit({ changes: [change('a', '1'), change('', 'no key'), change('b', '')] });
      expect(await get(task, 'b', 'none', 'a', '', 'a')).toEqual(['', undefined, '1', 'no key', '1']);
      expect(await task.getMany('store', [])).toEqual([]);
      await fails('UNKNOWN_STORE', task.getMany('other', [Buffer.from('a')]));
    });

    test('scans by bytes, within bounds, forwards and backwards', async () => {
      const task = await on.openTask({});
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
      const task = await on.openTask({});
      const keys = Array.from({ length: 3000 }, (_, i) => String(i).padStart(5, '0'));
      await task.commit({ changes: keys.map((key) => change(key, key)) });
      expect((await task.scan('store', {})).map(([key]) => key.toString())).toEqual(keys);
      expect((await task.scan('store', { gte: Buffer.from('01000') })).length).toBe(2000);
    });

    test('has its stores to itself', async () => {
      const id = unique('task');
      const stores = [{ name: 'a' }, { name: 'aa' }];
      const [one, two] = [await on.openTask({ id, stores }), await on.openTask({ id: `${id}a`, stores })];
      const value = Buffer.from('v');
      await one.commit({ changes: [{ store: 'aa', key: Buffer.from('k'), value }] });
      await two.commit({ changes: [{ store: 'a', key: Buffer.from('l'), value }] });
      const keys = async (task: TaskLog, store: string): Promise<string[]> =>
        (await task.scan(store, {})).map(([key]) => key.toString());
      expect([await keys(one, 'a'), await keys(one, 'aa')]).toEqual([[], ['k']]);
      expect([await keys(two, 'a'), await keys(two, 'aa')]).toEqual([['l'], []]);
    });

    test('is fenced by the next to open it, which sees all it had committed', async () => {
      const topic = await on.createTopic(1);
      const options = { id: unique('task'), group: unique('group'), partitions: [{ topic, partition: 0 }] };
      const old = await on.openTask(options);
      const underway = old.commit({
        offsets: [{ topic, partition: 0, offset: 5 }],
        changes: [change('x', 'old')],
      });
      const next = await on.openTask(options);
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
      const topic = await on.createTopic(1);
      const group = unique('group');
      await on.log.append(numbered(topic, 3));
      const task = await on.openTask({ group });
      const recorder = await on.consume({
        group,
        topics: [topic],
        onRevoked: () => task.commit({ offsets: [{ topic, partition: 0, offset: recorder.count }] }),
      });
      await vi.waitFor(() => expect(recorder.count).toBe(3), DEADLINE);
      await on.reopen();
      expect((await on.log.committed(group)).map(({ offset }) => offset)).toEqual([3]);
      expect(recorder.errors).toEqual([]);
    });
  });
}
