import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { describeWithKafka } from '../../../test/support/kafka.ts';
import { collect } from '../contract/log-under-test.ts';
import { unique } from '../contract/records.ts';
import { decompress } from './protocol/compression.ts';
import { Bench } from './testing/fixtures.ts';

vi.mock(import('./protocol/compression.ts'), { spy: true });

const JARS = fileURLToPath(new URL('../../../.kafka/libs/*', import.meta.url));
const LINES = Array.from(
  { length: 2_000 },
  (_, index) => `key-${index % 50}\t${index}:${'abc'.repeat(index % 200)}`,
);

describeWithKafka('records that Java’s producer has compressed', (kafka) => {
  const bench = new Bench(() => kafka().brokers);
  afterEach(() => bench.clear());

  test.each([
    ['gzip', 1],
    ['snappy', 2],
    ['lz4', 3],
    ['zstd', 4],
  ])('with %s are read as they are', async (codec, number) => {
    const log = await bench.open();
    const topic = unique('compressed');
    await log.createTopics([{ name: topic, partitions: 1 }]);
    await produceByJava(kafka().brokers, topic, codec);
    const records = await collect(log.read({ topic, partition: 0, from: 0 }));
    expect(records.map(({ key, value }) => `${key}\t${value}`)).toEqual(LINES);
    expect(vi.mocked(decompress).mock.lastCall?.[0]).toBe(number);
    expect(records.map(({ offset }) => offset)).toEqual(LINES.map((_, index) => index));
  });
});

/** In batches of many records, so that a batch has several of the codec's blocks. */
async function produceByJava(brokers: readonly string[], topic: string, codec: string): Promise<void> {
  const settings = { 'batch.size': 900_000, 'linger.ms': 1_000, acks: 'all' };
  const java = spawn('java', [
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', JARS, 'org.apache.kafka.tools.ConsoleProducer'],
    ...[
      '--bootstrap-server',
      brokers.join(','),
      '--topic',
      topic,
      '--property',
      'parse.key=true',
      '--compression-codec',
      codec,
    ],
    ...Object.entries(settings).flatMap(([name, value]) => ['--producer-property', `${name}=${value}`]),
  ]);
  let output = '';
  for (const stream of [java.stdout, java.stderr]) stream.on('data', (data) => (output += String(data)));
  // A producer that ends early says why in its output.
  java.stdin.on('error', () => {});
  java.stdin.end(`${LINES.join('\n')}\n`);
  const [exitCode] = await once(java, 'exit');
  expect(exitCode, output).toBe(0);
}
