import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithKafka } from '../../../test/support/kafka.ts';
import { logContract } from '../log.contract.ts';
import { openKafkaLog } from './index.ts';

describeWithKafka('the Kafka log', (kafka) => {
  logContract('as any log', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'kafka-log-'));
    return {
      open: () =>
        openKafkaLog({
          brokers: kafka().brokers,
          clientId: 'test',
          stateDirectory,
          defaultPartitions: 3,
          heartbeatMs: 100,
        }),
      remove: () => rm(stateDirectory, { recursive: true, force: true }),
    };
  });
});
