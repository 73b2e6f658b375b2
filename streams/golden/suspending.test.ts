import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { SuspendingDriver, type SuspendingOptions } from '../testing/suspending-driver.ts';
import { casesIn } from './check.ts';
import { differences } from './compare.ts';
import type { GoldenCase, GoldenOutput } from './golden-case.ts';
import { serdeOf } from './golden-serdes.ts';
import { headersOf, keyFields, textOf } from './run-case.ts';
import { goldenTopologies } from './topologies/index.ts';

const cases = casesIn(fileURLToPath(new URL('cases', import.meta.url)));

/** The state of its processors is in fields and schedules, which do not outlive a task. */
const DOES_NOT_RESTART = ['process-punctuate-stream-time', 'punctuate-wall-clock'];

async function outputOf(golden: GoldenCase, options: SuspendingOptions) {
  const builder = new StreamsBuilder();
  goldenTopologies.get(golden.name)?.build(builder);
  const driver = await SuspendingDriver.start(builder.build(), options);
  const output: GoldenOutput[] = [];
  for (const [step, input] of golden.input.entries()) {
    const from = driver.written.length;
    if ('advanceWallClockMs' in input) await driver.advanceWallClock(input.advanceWallClockMs);
    else {
      const { topic, timestamp } = input;
      const bytes = (value: unknown) => (value === null ? null : serdeOf('string').serialize(value));
      const headers = headersOf(input.headers ?? []);
      await driver.send({ topic, key: bytes(input.key), value: bytes(input.value), timestamp, headers });
    }
    for (const { topic, key, value, timestamp, headers } of driver.written.slice(from)) {
      const types = golden.topics[topic];
      if (types?.dir !== 'out') continue;
      output.push({
        step,
        topic,
        ...keyFields(key === null ? null : serdeOf(types.key).deserialize(key)),
        value: value === null ? null : serdeOf(types.value).deserialize(value),
        timestamp,
        headers: textOf(headers),
      });
    }
  }
  return { output, suspensions: driver.suspensions };
}

const WAYS: readonly [string, SuspendingOptions][] = [
  ['read on demand, next to nothing cached', { maxEntriesPerStore: 1, commitEvery: 1, prefetch: false }],
  ['committed in batches', { maxEntriesPerStore: 2, commitEvery: 7, prefetch: false }],
  ['read ahead', { maxEntriesPerStore: 3, commitEvery: 3, prefetch: true }],
  ['restarted all the time', { maxEntriesPerStore: 100, commitEvery: 2, prefetch: true, restartEvery: 1 }],
];

describe.each(WAYS)('with state that is %s', (_, options) => {
  const applicable = cases.filter(
    ({ name }) => options.restartEvery === undefined || !DOES_NOT_RESTART.includes(name),
  );

  it.each(applicable.map((golden) => [golden.name, golden] as const))(
    '%s gives the same output',
    async (name, golden) => {
      const { output } = await outputOf(golden, options);
      const run = { output, finalStores: {}, finalStoreTimestamps: {}, changelogs: {} };
      const stateless = { ...golden, finalStores: {}, finalStoreTimestamps: {}, changelogs: {} };
      expect(differences(stateless, run, goldenTopologies.get(name)?.timeMovesOutput ?? false)).toEqual([]);
    },
  );
});

describe('reading ahead', () => {
  it.each([
    'count-by-key',
    'fuzz-tumbling',
    'fuzz-hopping-count',
    'fuzz-session-count',
    'fuzz-stream-stream-inner-join',
    'fuzz-stream-stream-outer-join',
    'fuzz-table-table-outer-join',
    'fuzz-emit-on-window-close',
    'suppress-window-close',
    'fuzz-suppress-time-limit',
  ])('leaves nothing to wait for in %s', async (name) => {
    const golden = cases.find((each) => each.name === name) as GoldenCase;
    const options = { maxEntriesPerStore: 0, commitEvery: 1, prefetch: true };
    expect((await outputOf(golden, options)).suspensions).toBe(0);
    expect((await outputOf(golden, { ...options, prefetch: false })).suspensions).toBeGreaterThan(0);
  });
});
