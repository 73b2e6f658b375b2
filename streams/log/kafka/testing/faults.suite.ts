import { afterEach, describe, expect, test, vi } from 'vitest';
import type { KafkaBroker } from '../../../../scripts/kafka.mjs';
import type { Log } from '../../log.ts';
import type { Api, FaultProxy, Loss } from './fault-proxy.ts';
import { Bench, change, record, stateOf, unique, valuesOf } from './fixtures.ts';

const LOSSES: readonly Loss[] = ['request', 'answer'];
const DEADLINE = { timeout: 300_000, interval: 20 };

/** Exactly-once where connections and the broker are lost. `brokers` leads through the proxy. */
export function faultsSuite(kafka: () => KafkaBroker, proxy: FaultProxy, brokers: () => string[]): void {
  describe('exactly once', () => {
    const bench = new Bench(brokers);
    afterEach(() => bench.clear());

    const topics = async (log: Log, ...names: string[]): Promise<string[]> => {
      const all = names.map(unique);
      await log.createTopics(all.map((name) => ({ name, partitions: 1 })));
      return all;
    };

    test.each(LOSSES.map((loss) => ({ loss })))('appends when the $loss is lost', async ({ loss }) => {
      const log = await bench.open();
      const [topic = ''] = await topics(log, 'topic');
      const appending: Promise<unknown>[] = [];
      for (let i = 0; i < 40; i++) {
        if (i % 4 === 1) proxy.lose(loss, 'Produce');
        appending.push(log.append([record(topic, `${i}`)]));
        if (i % 4 === 3) await Promise.all(appending);
      }
      await Promise.all(appending);
      expect(proxy.pending).toBe(0);
      expect(await valuesOf(log, topic)).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
    });

    const inCommit: readonly Api[] = [
      'AddPartitionsToTxn',
      'Produce',
      'AddOffsetsToTxn',
      'TxnOffsetCommit',
      'EndTxn',
    ];
    test.each(inCommit.flatMap((api) => LOSSES.map((loss) => ({ api, loss }))))(
      'commits when the $loss of $api is lost',
      async ({ api, loss }) => {
        const log = await bench.open();
        const [input = '', output = '', changelog = ''] = await topics(log, 'input', 'output', 'changelog');
        const options = {
          id: unique('task'),
          group: unique('group'),
          partitions: [{ topic: input, partition: 0 }],
          stores: [{ name: 'store', changelog: { topic: changelog, partition: 0 } }],
        };
        const task = await log.openTask(options);
        for (let i = 0; i < 6; i++) {
          if (i % 2 === 1) proxy.lose(loss, api);
          await task.commit({
            records: [record(output, `${i}`)],
            changes: [change('last', `${i}`)],
            offsets: [{ topic: input, partition: 0, offset: i + 1 }],
          });
        }
        expect(proxy.pending).toBe(0);
        expect(await valuesOf(log, output)).toEqual(['0', '1', '2', '3', '4', '5']);
        expect((await log.committed(options.group)).map(({ offset }) => offset)).toEqual([6]);
        expect(await stateOf(task)).toEqual({ last: '5' });
        const elsewhere = await (await bench.open()).openTask(options);
        expect(await stateOf(elsewhere)).toEqual({ last: '5' });
      },
    );

    test('commits only offsets, though the end of the transaction is not confirmed', async () => {
      const log = await bench.open();
      const [input = ''] = await topics(log, 'input');
      const group = unique('group');
      const task = await log.openTask({ id: unique('task'), group, partitions: [] });
      for (const [i, loss] of LOSSES.entries()) {
        proxy.lose(loss, 'EndTxn');
        await task.commit({ offsets: [{ topic: input, partition: 0, offset: i + 1, metadata: loss }] });
        expect(await log.committed(group)).toEqual([
          { topic: input, partition: 0, offset: i + 1, metadata: loss },
        ]);
      }
    });

    test('a fenced task does not take its id back when it loses an answer', async () => {
      const log = await bench.open();
      const [output = ''] = await topics(log, 'output');
      const options = { id: unique('task'), group: unique('group'), partitions: [] };
      const zombie = await log.openTask(options);
      await zombie.commit({ records: [record(output, 'a')] });
      const owner = await (await bench.open()).openTask(options);
      proxy.lose('request', 'AddPartitionsToTxn');
      await expect(zombie.commit({ records: [record(output, 'zombie')] })).rejects.toMatchObject({
        code: 'FENCED',
      });
      await owner.commit({ records: [record(output, 'b')] });
      await vi.waitFor(async () => expect(await valuesOf(log, output)).toEqual(['a', 'b']), DEADLINE);
    });

    const inGroup: readonly Api[] = [
      'JoinGroup',
      'SyncGroup',
      'Heartbeat',
      'Fetch',
      'OffsetFetch',
      'ListOffsets',
    ];
    test.each(inGroup.map((api) => ({ api })))('consumes when an answer of $api is lost', async ({ api }) => {
      const log = await bench.open();
      const [topic = ''] = await topics(log, 'topic');
      const seen: string[] = [];
      const errors: Error[] = [];
      await log.append([record(topic, '0'), record(topic, '1')]);
      proxy.lose('answer', api);
      await log.consume({
        group: unique('group'),
        topics: [topic],
        onAssigned: async () => undefined,
        onRevoked: async () => {},
        onRecords: (records) => void seen.push(...records.map(({ value }) => value?.toString() ?? '')),
        onError: (error) => errors.push(error),
      });
      await vi.waitFor(() => expect(seen).toEqual(['0', '1']), DEADLINE);
      await vi.waitFor(() => expect(proxy.pending).toBe(0), DEADLINE);
      await log.append([record(topic, '2')]);
      await vi.waitFor(() => expect(seen).toEqual(['0', '1', '2']), DEADLINE);
      expect(errors).toEqual([]);
    });

    test('appends, commits, consumes and follows while the broker is killed and comes back', async () => {
      const log = await bench.open();
      const [topic = '', input = '', output = ''] = await topics(log, 'topic', 'input', 'output');
      const group = unique('group');
      const task = await log.openTask({ id: unique('task'), group, partitions: [] });
      const stop = new AbortController();
      const [consumed, followed]: [string[], string[]] = [[], []];
      const errors: Error[] = [];
      const consumer = await log.consume({
        group: unique('readers'),
        topics: [topic],
        // It commits nothing: a group that forgot it while the broker was away begins where this says.
        onAssigned: async () => [{ topic, partition: 0, offset: consumed.length }],
        onRevoked: async () => {},
        onRecords: (records) => void consumed.push(...records.map(({ value }) => value?.toString() ?? '')),
        onError: (error) => errors.push(error),
      });
      const following = (async () => {
        for await (const chunk of log.read({
          topic,
          partition: 0,
          from: 0,
          follow: true,
          signal: stop.signal,
        })) {
          followed.push(...chunk.map(({ value }) => value?.toString() ?? ''));
        }
      })();
      let [appends, commits] = [0, 0];
      const appending = (async () => {
        for (; !stop.signal.aborted; appends++) await log.append([record(topic, `${appends}`)]);
      })();
      const committing = (async () => {
        for (; !stop.signal.aborted; commits++) {
          await task.commit({
            records: [record(output, `${commits}`)],
            changes: [],
            offsets: [{ topic: input, partition: 0, offset: commits + 1 }],
          });
        }
      })();
      await vi.waitFor(() => expect(Math.min(appends, commits)).toBeGreaterThan(20), DEADLINE);
      await kafka().kill();
      await kafka().restart();
      const [before, until] = [{ appends, commits }, 20];
      await vi.waitFor(() => {
        expect(appends - before.appends).toBeGreaterThan(until);
        expect(commits - before.commits).toBeGreaterThan(until);
      }, DEADLINE);
      stop.abort();
      await Promise.all([appending, committing, following]);
      const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);
      expect(await valuesOf(log, topic)).toEqual(numbers(appends));
      expect(await valuesOf(log, output)).toEqual(numbers(commits));
      expect((await log.committed(group)).map(({ offset }) => offset)).toEqual([commits]);
      expect(followed).toEqual(numbers(followed.length));
      await vi.waitFor(() => expect(consumed).toEqual(numbers(appends)), DEADLINE);
      expect(errors).toEqual([]);
      await consumer.close();
    }, 600_000);
  });
}
