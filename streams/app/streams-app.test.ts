import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../test/support/wait-for.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { timeWindowedSerde } from '../dsl/windowed-serdes.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/primitives.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';
import { TopologyTestDriver } from '../testing/topology-test-driver.ts';
import { StreamsApp, type StreamsAppOptions } from './streams-app.ts';

const text = serdes.string();
const long = serdes.long();
const strings = { key: text, value: text };

/** Words counted in windows after a repartition, each joined with what a global table says of it, and with the last
 * word of its visitor. */
function topology() {
  const builder = new StreamsBuilder();
  const names = builder.globalTable('names', strings, { store: 'names' });
  const visits = builder.stream('visits', strings);
  const last = visits.toTable({ store: 'last' });
  visits
    .leftJoin(last, (word, same) => (word === same ? word : `${word}?`))
    .leftJoin(
      names,
      (_, word) => word,
      (word, name) => name ?? word,
    )
    .groupBy((_, word) => word, strings)
    .windowedBy({ sizeMs: 100, graceMs: 1_000 })
    .count({ store: 'counts' })
    .toStream()
    .to('counted', { key: timeWindowedSerde(text, 100), value: long });
  return builder.build();
}

const WORDS = ['red', 'green', 'blue'];
const VISITS = Array.from({ length: 600 }, (_, index) => ({
  topic: 'visits',
  key: Buffer.from(`visitor-${index % 17}`),
  value: Buffer.from(WORDS[(index * 7) % 3] as string),
  timestamp: 1_000 + index,
  headers: [],
}));
const NAMES = [['red', 'rouge']].map(([key = '', value = '']) => ({
  topic: 'names',
  key: Buffer.from(key),
  value: Buffer.from(value),
  timestamp: 1,
  headers: [],
}));

const until = (condition: () => Promise<boolean>): Promise<boolean> => waitFor(condition);

describe('an application on the embedded log', () => {
  let directory: string;
  let log: Log;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'streams-app-'));
    log = await openEmbeddedLog({ directory, flush: 'os' });
    await log.createTopics([
      { name: 'visits', partitions: 3 },
      { name: 'names', partitions: 2 },
      { name: 'counted', partitions: 1 },
    ]);
  });

  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (options: Partial<StreamsAppOptions> = {}) => {
    const app = new StreamsApp(topology(), { applicationId: 'app', log, maxBatch: 50, ...options });
    await app.start();
    return app;
  };

  const counted = async (): Promise<[key: string, value: number][]> => {
    const records: [string, number][] = [];
    for await (const chunk of log.read({ topic: 'counted', partition: 0, from: 0 })) {
      for (const { key, value } of chunk) {
        const { key: word, window } = timeWindowedSerde(text, 100).deserialize(key as Buffer);
        records.push([`${word}@${window.start}`, long.deserialize(value as Buffer)]);
      }
    }
    return records;
  };

  it('gives per key what the test driver gives, through repartition topics, a global table and restarts', async () => {
    await log.append(NAMES);
    const driver = new TopologyTestDriver(topology());
    for (const record of [...NAMES, ...VISITS]) {
      driver
        .input(record.topic, serdes.bytes(), serdes.bytes())
        .send(record.key, record.value, { timestamp: record.timestamp });
    }
    const expected = new Map<string, number[]>();
    for (const { key, value } of driver.output('counted', timeWindowedSerde(text, 100), long).readAll()) {
      const name = `${key?.key}@${key?.window.start}`;
      expected.set(name, [...(expected.get(name) ?? []), value ?? 0]);
    }

    for (let from = 0; from < VISITS.length; from += 200) {
      const app = await start();
      await log.append(VISITS.slice(from, from + 200));
      await until(async () => (await counted()).length >= from + 100);
      await app.close();
    }
    const app = await start();
    await until(async () => (await counted()).length >= VISITS.length);
    const actual = new Map<string, number[]>();
    for (const [name, count] of await counted()) actual.set(name, [...(actual.get(name) ?? []), count]);
    expect(actual).toEqual(expected);
    await app.close();
  });

  it('answers from outside what its tables hold as committed, over all partitions', async () => {
    const app = await start();
    await log.append([...NAMES, ...VISITS.slice(0, 34)]);
    const last = app.store<string, ValueAndTimestamp<string>>('last');
    await until(async () => (await last.get('visitor-16'))?.timestamp === 1_033);
    await until(async () => (await last.all()).length === 17);
    expect(await last.get('visitor-0')).toEqual({ value: WORDS[(17 * 7) % 3], timestamp: 1_017 });
    expect(await last.get('nobody')).toBeNull();
    expect((await last.range('visitor-1', 'visitor-11')).map(([key]) => key)).toEqual([
      'visitor-1',
      'visitor-10',
      'visitor-11',
    ]);
    const names = app.store<string, ValueAndTimestamp<string>>('names');
    await until(async () => (await names.get('red'))?.value === 'rouge');
    expect(() => app.store('none')).toThrow('no key-value store named "none"');
    await app.close();
  });

  it('refuses to join topics with different numbers of partitions, naming the join', async () => {
    const builder = new StreamsBuilder();
    const table = builder.table('names', strings);
    builder.stream('visits', strings).join(table, (a, b) => a + b, { name: 'JOIN' });
    const app = new StreamsApp(builder.build(), { applicationId: 'app', log });
    await expect(app.start()).rejects.toThrow('JOIN: joins topics with different numbers of partitions');
  });

  it('makes a repartition topic with as many partitions as what it is joined with', async () => {
    const builder = new StreamsBuilder();
    const table = builder.table('names', strings);
    builder
      .stream('visits', strings)
      .selectKey((_, word) => word)
      .join(table, (a, b) => a + b, { ...strings, name: 'by-word' })
      .to('counted', strings);
    const app = new StreamsApp(builder.build(), { applicationId: 'app', log });
    await app.start();
    const topic = (await log.topics()).find(({ name }) => name === 'app-by-word-repartition');
    expect(topic?.partitions).toBe(2);
    await app.close();
  });
});

describe('a record that cannot be processed', () => {
  let directory: string;
  let log: Log;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'streams-app-'));
    log = await openEmbeddedLog({ directory, flush: 'os' });
    await log.createTopics(['in', 'out', 'dead'].map((name) => ({ name, partitions: 1 })));
  });

  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true, force: true });
  });

  const record = (value: string) => ({
    topic: 'in',
    key: Buffer.from('k'),
    value: Buffer.from(value),
    timestamp: 1,
    headers: [],
  });
  const values = async (topic: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const chunk of log.read({ topic, partition: 0, from: 0 })) {
      for (const { value } of chunk) found.push(String(value));
    }
    return found;
  };
  const build = () => {
    const builder = new StreamsBuilder();
    builder
      .stream('in', { key: text, value: serdes.json<{ readonly n: number }>() })
      .mapValues(({ n }) => {
        if (n === 0) throw new Error('no zero');
        return String(n);
      })
      .to('out', strings);
    return builder.build();
  };

  it('goes to the dead-letter topic with its bytes and the reason, and the others go on', async () => {
    const app = new StreamsApp(build(), { applicationId: 'app', log, deadLetterTopic: 'dead' });
    await app.start();
    await log.append([record('{"n":1}'), record('not json'), record('{"n":0}'), record('{"n":2}')]);
    await until(async () => (await values('out')).length === 2);
    expect(await values('out')).toEqual(['1', '2']);
    expect(await values('dead')).toEqual(['not json', '{"n":0}']);
    for await (const [dead] of log.read({ topic: 'dead', partition: 0, from: 1 })) {
      const headers = new Map(dead?.headers.map(([name, value]) => [name, String(value)]));
      expect(headers.get('error-stage')).toBe('processing');
      expect(headers.get('error-message')).toContain('no zero');
      expect(headers.get('error-offset')).toBe('2');
    }
    await app.close();
  });

  it('stops the application where the handler says so, after what it puts aside', async () => {
    const errors: Error[] = [];
    const app = new StreamsApp(build(), {
      applicationId: 'app',
      log,
      deadLetterTopic: 'dead',
      onUnprocessable: ({ stage }) => (stage === 'deserialization' ? 'dead-letter' : 'stop'),
      onError: (error) => errors.push(error),
      maxBatch: 1,
    });
    await app.start();
    await log.append([record('not json'), record('{"n":1}'), record('{"n":0}'), record('{"n":2}')]);
    await until(async () => app.state === 'error');
    expect(errors[0]?.message).toContain('no zero');
    expect(await values('dead')).toEqual(['not json']);
    expect(await values('out')).toEqual(['1']);
    await app.close();
  });

  it('stops the application where there is none, and is read again by the next one', async () => {
    const errors: Error[] = [];
    const app = new StreamsApp(build(), {
      applicationId: 'app',
      log,
      onError: (error) => errors.push(error),
    });
    await app.start();
    await log.append([record('{"n":1}'), record('{"n":0}'), record('{"n":2}')]);
    await until(async () => app.state === 'error');
    expect(errors[0]?.message).toContain('no zero');
    await app.close();

    const next = new StreamsApp(build(), { applicationId: 'app', log, deadLetterTopic: 'dead' });
    await next.start();
    await until(async () => (await values('out')).length === 2);
    expect(await values('out')).toEqual(['1', '2']);
    expect(await values('dead')).toEqual(['{"n":0}']);
    await next.close();
  });
});
