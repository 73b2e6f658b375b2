import { afterAll } from 'vitest';
import { freePort } from '../../../scripts/kafka.mjs';
import { describeWithKafka } from '../../../test/support/kafka.ts';
import { logContract } from '../log.contract.ts';
import { FaultProxy } from './testing/fault-proxy.ts';
import { faultsSuite } from './testing/faults.suite.ts';
import { Bench } from './testing/fixtures.ts';
import { recoverySuite } from './testing/recovery.suite.ts';

// Clients of the second listener are sent to the proxy.
const proxy = await FaultProxy.listen();
const proxied = { port: await freePort(), advertisedPort: proxy.port };
proxy.target = proxied.port;

afterAll(() => proxy.close());

describeWithKafka(
  'the Kafka log',
  (kafka) => {
    const brokers = (): string[] => kafka().brokers;

    logContract('as any log', async () => {
      const bench = new Bench(brokers);
      const stateDirectory = await bench.directory();
      return {
        // Long enough for a machine that stands still: what a test sees then is not the group's doing.
        open: () => bench.open({ stateDirectory, defaultPartitions: 3, sessionTimeoutMs: 15_000 }),
        remove: () => bench.clear(),
      };
    });
    recoverySuite(brokers);
    faultsSuite(kafka, proxy, () => [`127.0.0.1:${proxy.port}`]);
  },
  { proxied },
);
