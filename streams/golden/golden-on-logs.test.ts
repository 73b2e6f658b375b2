import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithKafka } from '../../test/support/kafka.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { StreamsApp } from '../app/streams-app.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { type Log, openEmbeddedLog, openKafkaLog, type StoredRecord } from '../log/index.ts';
import { casesIn } from './check.ts';
import type { GoldenCase, GoldenInput, GoldenOutput } from './golden-case.ts';
import { serdeOf } from './golden-serdes.ts';
import { headersOf, keyFields } from './run-case.ts';
import { underPrefix } from './testing/under-prefix.ts';
import { goldenTopologies } from './topologies/index.ts';

type GoldenRecord = Exclude<GoldenInput, { readonly advanceWallClockMs: number }>;

/** A clock that a test moves, and global tables, which follow their topic in their own time, need the test driver. */
const cases = casesIn(fileURLToPath(new URL('cases', import.meta.url))).filter(
  ({ name, input }) => !name.includes('global') && !input.some((step) => 'advanceWallClockMs' in step),
);

/** One of each kind: a Kafka broker takes its time for every step. */
const ON_KAFKA = [
  'stateless-chain',
  'topic-routing',
  'repartition',
  'groupby-count',
  'tumbling-count-grace',
  'session-aggregate-merge',
  'suppress-window-close',
  'stream-table-join',
  'stream-stream-left-join',
  'table-groupby-aggregate',
];

describe('on the embedded log an application sends what Kafka Streams sent', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const directory = mkdtempSync(join(tmpdir(), 'golden-'));
    const log = await openEmbeddedLog({ directory, flush: 'os' });
    onTestFinished(async () => {
      await log.close();
      rmSync(directory, { recursive: true });
    });
    expect(await sentBy(golden, log)).toEqual(expectedOf(golden));
  });
});

describeWithKafka('on Kafka too', (kafka) => {
  const chosen = cases.filter(({ name }) => ON_KAFKA.includes(name));

  it.each(chosen.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'golden-'));
    const log = await openKafkaLog({ brokers: kafka().brokers, clientId: golden.name, stateDirectory });
    onTestFinished(async () => {
      await log.close();
      rmSync(stateDirectory, { recursive: true });
    });
    expect(await sentBy(golden, underPrefix(log, `${golden.name}.`))).toEqual(expectedOf(golden));
  });
});

type Sent = Readonly<Record<string, readonly Omit<GoldenOutput, 'step' | 'topic' | 'headers'>[]>>;

/** Feeds the input record by record, each processed before the next, and reads the output topics. */
async function sentBy(golden: GoldenCase, log: Log): Promise<Sent> {
  await log.createTopics(Object.keys(golden.topics).map((name) => ({ name, partitions: 1 })));
  const builder = new StreamsBuilder();
  goldenTopologies.get(golden.name)?.build(builder);
  const errors: Error[] = [];
  const app = new StreamsApp(builder.build(), {
    applicationId: golden.name,
    log,
    onError: (error) => errors.push(error),
  });
  await app.start();
  try {
    const due = new Map<string, number>();
    for (const [step, record] of (golden.input as readonly GoldenRecord[]).entries()) {
      const { key: keyType, value: valueType } = golden.topics[record.topic] ?? {
        key: 'string',
        value: 'string',
      };
      await log.append([
        {
          topic: record.topic,
          partition: 0,
          key: record.key === null ? null : serdeOf(keyType).serialize(record.key),
          value: record.value === null ? null : serdeOf(valueType).serialize(record.value),
          timestamp: record.timestamp,
          headers: headersOf(record.headers ?? []),
        },
      ]);
      for (const each of golden.output) {
        if (each.step === step) due.set(each.topic, (due.get(each.topic) ?? 0) + 1);
      }
      await waitFor(
        async () => {
          if (errors[0] !== undefined) throw errors[0];
          return (await isProcessed(app, log, record.topic)) && (await hasSent(log, due));
        },
        { timeoutMs: 60_000, everyMs: 2, what: `step ${step} to be processed` },
      );
    }
    const outputs = Object.entries(golden.topics).filter(([, { dir }]) => dir === 'out');
    const sent = outputs.map(async ([topic, { key, value }]) => {
      const records = await readAll(log, topic);
      return [
        topic,
        records.map((each) => ({
          ...keyFields(each.key === null ? null : serdeOf(key).deserialize(each.key)),
          value: each.value === null ? null : serdeOf(value).deserialize(each.value),
          timestamp: each.timestamp,
        })),
      ] as const;
    });
    return Object.fromEntries(await Promise.all(sent));
  } finally {
    await app.close();
  }
}

function expectedOf(golden: GoldenCase): Sent {
  const outputs = Object.entries(golden.topics).filter(([, { dir }]) => dir === 'out');
  return Object.fromEntries(
    outputs.map(([topic]) => [
      topic,
      golden.output
        .filter((each) => each.topic === topic)
        .map(({ step: _step, topic: _topic, headers: _headers, ...rest }) => rest),
    ]),
  );
}

/** The input topic's last record is committed as processed. */
async function isProcessed(app: StreamsApp, log: Log, topic: string): Promise<boolean> {
  const [{ end } = { end: 0 }] = await log.offsets(topic);
  return [...app.runningTasks].some((task) =>
    [...task.positions].some((position) => position.topic === topic && position.offset >= end),
  );
}

/** What goes by a repartition topic comes later than its cause is committed. */
async function hasSent(log: Log, due: ReadonlyMap<string, number>): Promise<boolean> {
  for (const [topic, count] of due) if ((await readAll(log, topic)).length < count) return false;
  return true;
}

async function readAll(log: Log, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const chunk of log.read({ topic, partition: 0, from: 0 })) records.push(...chunk);
  return records;
}
