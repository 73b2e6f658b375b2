import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeWithKafka } from '../../test/support/kafka.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { unique } from '../log/contract/records.ts';
import { type Log, openEmbeddedLog, openKafkaLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import { Suspend } from '../suspend.ts';
import { StreamsApp } from './streams-app.ts';

const text = serdes.string();
const strings = { key: text, value: text };
const tenWords = Array.from({ length: 10 }, (_, index) => `word ${index}`);
const DEADLINE = { timeout: 60_000, interval: 10 };

function purges(open: (directory: string) => Promise<Log>): void {
  const start = async (beforeCount: (word: string) => void = () => {}) => {
    const directory = mkdtempSync(join(tmpdir(), 'purge-'));
    const log = await open(directory);
    const topics = { lines: unique('lines'), counts: unique('counts') };
    await log.createTopics(Object.values(topics).map((name) => ({ name, partitions: 1 })));
    const applicationId = unique('app');
    const builder = new StreamsBuilder();
    builder
      .stream(topics.lines, strings)
      .repartition({ ...strings, name: 'words' })
      .peek((_, word) => beforeCount(word))
      .groupByKey()
      .count()
      .toStream()
      .to(topics.counts, { value: serdes.long() });
    const app = new StreamsApp(builder.build(), {
      applicationId,
      log,
      maxBatch: 10,
      purgeIntervalMs: 20,
    });
    await app.start();
    onTestFinished(async () => {
      await app.close();
      await log.close();
      rmSync(directory, { recursive: true });
    });
    return { log, topics: { ...topics, repartition: `${applicationId}-words-repartition` } };
  };
  const records = (topic: string, words: readonly string[]) =>
    words.map((word) => ({
      topic,
      key: Buffer.from('k'),
      value: Buffer.from(word),
      timestamp: Date.now(),
      headers: [],
    }));
  const boundsOf = async (log: Log, topic: string) => {
    const [{ start, end } = { start: -1, end: -1 }] = await log.offsets(topic);
    return { start, end };
  };
  const lastCount = async (log: Log, topic: string): Promise<number> => {
    let last = 0;
    for await (const chunk of log.read({ topic, partition: 0, from: 0 })) {
      for (const { value } of chunk) last = value === null ? 0 : serdes.long().deserialize(value);
    }
    return last;
  };

  it('has its records deleted once they are consumed, and no other topic has', async () => {
    const { log, topics } = await start();
    for (let round = 0; round < 10; round++) await log.append(records(topics.lines, tenWords));
    await vi.waitFor(async () => expect(await lastCount(log, topics.counts)).toBe(100), DEADLINE);
    await vi.waitFor(
      async () => expect((await boundsOf(log, topics.repartition)).start).toBeGreaterThan(50),
      DEADLINE,
    );
    expect((await boundsOf(log, topics.lines)).start).toBe(0);
    expect((await boundsOf(log, topics.counts)).start).toBe(0);
  });

  it('keeps what waits to be consumed, and loses nothing when a deletion fails', async () => {
    let release = (): void => {};
    let released: Promise<void> | undefined = new Promise((resolve) => {
      release = resolve;
    });
    const { log, topics } = await start((word) => {
      if (word === 'wait' && released !== undefined) throw new Suspend(released);
    });
    const deleting = vi.spyOn(log, 'deleteRecords').mockRejectedValueOnce(new Error('not now'));
    for (let round = 0; round < 3; round++) await log.append(records(topics.lines, tenWords));
    await vi.waitFor(
      async () => expect((await boundsOf(log, topics.repartition)).start).toBeGreaterThan(5),
      DEADLINE,
    );
    expect(deleting.mock.calls.length).toBeGreaterThan(1);
    await log.append(records(topics.lines, ['wait', ...tenWords]));
    await vi.waitFor(async () => expect(await lastCount(log, topics.counts)).toBe(30), DEADLINE);
    const calls = deleting.mock.calls.length;
    await vi.waitFor(async () => {
      const waiting: string[] = [];
      for await (const chunk of log.read({ topic: topics.repartition, partition: 0, from: 0 })) {
        waiting.push(...chunk.map(({ value }) => String(value)));
      }
      expect(waiting.slice(-11)).toEqual(['wait', ...tenWords]);
    }, DEADLINE);
    release();
    released = undefined;
    await vi.waitFor(async () => expect(await lastCount(log, topics.counts)).toBe(41), DEADLINE);
    await vi.waitFor(() => expect(deleting.mock.calls.length).toBeGreaterThan(calls), DEADLINE);
  });
}

describe('a repartition topic of the embedded log', () => {
  purges((directory) => openEmbeddedLog({ directory, flush: 'os' }));
});

describeWithKafka('a repartition topic on Kafka', (kafka) => {
  purges((stateDirectory) => openKafkaLog({ brokers: kafka().brokers, clientId: 'purge', stateDirectory }));
});
