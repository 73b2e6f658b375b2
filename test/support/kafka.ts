import { afterAll, beforeAll, describe } from 'vitest';
import { type KafkaBroker, type KafkaOptions, missingForKafka, startKafka } from '../../scripts/kafka.mjs';

/**
 * Describes tests that need a Kafka broker, which all of them share: it starts before the first and is removed
 * after the last. Where none can run they are skipped, and say why; with `CI=true` they fail instead.
 */
export function describeWithKafka(
  name: string,
  tests: (kafka: () => KafkaBroker) => void,
  options?: KafkaOptions,
): void {
  const missing = missingForKafka();
  if (missing !== undefined && process.env.CI !== 'true') {
    console.warn(`SKIPPED, since Kafka cannot run here (${missing}): ${name}`);
    describe.skip(`${name} (${missing})`, () => tests(unavailable));
    return;
  }
  describe(name, () => {
    let broker: KafkaBroker | undefined;
    beforeAll(async () => {
      if (missing !== undefined) throw new Error(`Kafka cannot run here: ${missing}`);
      broker = await startKafka(options);
    }, 600_000);
    afterAll(() => broker?.remove());
    tests(() => broker ?? unavailable());
  });
}

function unavailable(): never {
  throw new Error('the Kafka broker is not running');
}
