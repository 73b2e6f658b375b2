import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { describeWithKafka } from '../../test/support/kafka.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { Bench, record, unique, valuesOf } from '../log/kafka/testing/fixtures.ts';
import { serdes } from '../serdes/primitives.ts';
import { StreamsApp } from './streams-app.ts';

const RETRY_MS = 1_000;
const DEADLINE = { timeout: 300_000, interval: 20 };

describeWithKafka('an application whose Kafka is away for longer than it waits', (kafka) => {
  const bench = new Bench(() => kafka().brokers);
  afterEach(() => bench.clear());

  /** It counts what a feeder appends without a pause. */
  async function counting() {
    const [input, output] = [unique('in'), unique('out')];
    const feeder = await bench.open();
    await feeder.createTopics([input, output].map((name) => ({ name, partitions: 1 })));
    const builder = new StreamsBuilder();
    builder
      .stream(input, { key: serdes.string(), value: serdes.string() })
      .groupByKey()
      .count({ store: 'counts' })
      .toStream()
      .mapValues(String)
      .to(output, { value: serdes.string() });
    const interruptions: Error[] = [];
    const errors: Error[] = [];
    const log = await bench.open({ retryMs: RETRY_MS });
    const app = new StreamsApp(builder.build(), {
      applicationId: unique('app'),
      log,
      // Each record a commit, so that one is under way whenever the broker dies.
      maxBatch: 1,
      onInterruption: (error) => interruptions.push(error),
      onError: (error) => errors.push(error),
    });
    await app.start();

    let fed = 0;
    let feeds = true;
    const feeding = (async () => {
      for (; feeds; fed++) await feeder.append([record(input, 'v', { key: Buffer.from('key') })]);
    })();
    const counted = (): Promise<string[]> => valuesOf(feeder, output);
    await vi.waitFor(async () => expect((await counted()).length).toBeGreaterThan(5), DEADLINE);
    const stop = async (): Promise<void> => {
      feeds = false;
      await feeding;
    };
    return { app, log, counted, interruptions, errors, fed: () => fed, stop };
  }

  it('joins again once it is back, and has counted each record once', async () => {
    const { app, counted, interruptions, errors, fed, stop } = await counting();
    await kafka().kill();
    await vi.waitFor(() => expect(interruptions).not.toHaveLength(0), DEADLINE);
    expect(interruptions[0]).toMatchObject({ code: 'UNAVAILABLE' });
    await sleep(3 * RETRY_MS);
    await kafka().restart();
    const before = fed();
    await vi.waitFor(() => expect(fed()).toBeGreaterThan(before + 5), DEADLINE);
    await stop();

    const each = Array.from({ length: fed() }, (_, i) => `${i + 1}`);
    await vi.waitFor(async () => expect(await counted()).toHaveLength(fed()), DEADLINE);
    expect(await counted()).toEqual(each);
    expect(errors).toEqual([]);
    await app.close();
  }, 600_000);

  it('can be closed meanwhile, and its log with it', async () => {
    const { app, log, interruptions, errors, stop } = await counting();
    await kafka().kill();
    await vi.waitFor(() => expect(interruptions).not.toHaveLength(0), DEADLINE);
    await sleep(3 * RETRY_MS);
    await app.close();
    await log.close();
    expect(errors).toEqual([]);
    await kafka().restart();
    await stop();
  }, 600_000);
});
