/**
 * `npm run chaos`: an application that dedupes, aggregates and joins, over 200,000 records, while its process is killed
 * 20 times; on the embedded log, and on Kafka with two instances and a broker that is killed too. What it sent and
 * what it holds must equal an undisturbed run.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { packageRoot } from '../../cli/package-root.ts';
import { type ChaosPlan, runChaos } from './run.ts';

// Not compiled, so it lies elsewhere than beside this file's compiled form.
const kafkaScript = pathToFileURL(join(packageRoot(), 'scripts/kafka.mjs')).href;
const { startKafka }: typeof import('../../scripts/kafka.mjs') = await import(kafkaScript);

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: 'both' },
    records: { type: 'string', default: '200000' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const common = {
  records: Number(values.records),
  kills: Number(values.kills),
  seed: Number(values.seed),
  maxBatch: 500,
};
const plans: readonly ChaosPlan[] = [
  { log: 'embedded', instances: 1, brokerKills: 0, ...common },
  { log: 'kafka', instances: 2, brokerKills: 2, ...common },
];
console.log(`chaos with seed ${common.seed}`);
for (const plan of plans.filter(({ log }) => values.log === 'both' || values.log === log)) {
  const started = performance.now();
  const { expected, actual, local, kills, brokerKills } = await runChaos(
    { ...plan, say: console.log },
    startKafka,
  );
  const equal =
    isDeepStrictEqual(actual, expected) &&
    local.every((stores) => isDeepStrictEqual(stores, expected.stores));
  const seconds = Math.round((performance.now() - started) / 1000);
  const verdict = equal ? 'equal to the undisturbed run' : 'DIFFERENT from the undisturbed run';
  console.log(
    `${plan.log}: ${plan.records} records, ${kills} kills, ${brokerKills} of the broker, ${seconds} s: ${verdict}`,
  );
  if (!equal) process.exitCode = 1;
}
