import { expect, it } from 'vitest';
import { startKafka } from '../scripts/kafka.mjs';
import { runChaos } from './chaos/run.ts';
import { describeWithKafka } from './support/kafka.ts';

// The short form of `npm run chaos`.
const SEED = 4;

it('an application that is killed again and again sends and holds what an undisturbed one does', {
  timeout: 600_000,
}, async () => {
  const { expected, actual, kills } = await runChaos(
    {
      log: 'embedded',
      records: 20_000,
      kills: 4,
      maxBatch: 100,
      instances: 1,
      brokerKills: 0,
      seed: SEED,
    },
    startKafka,
  );
  expect(kills).toBe(4);
  expect(actual).toEqual(expected);
});

describeWithKafka('on Kafka', (kafka) => {
  it('so do two instances of it, though the broker is killed too', { timeout: 600_000 }, async () => {
    const { expected, actual, local, kills, brokerKills } = await runChaos(
      {
        log: 'kafka',
        records: 20_000,
        kills: 3,
        maxBatch: 300,
        instances: 2,
        brokerKills: 1,
        seed: SEED,
      },
      async () => kafka(),
    );
    expect({ kills, brokerKills }).toEqual({ kills: 3, brokerKills: 1 });
    expect(actual).toEqual(expected);
    expect(local).toEqual([expected.stores, expected.stores]);
  });
});
