import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { freePort } from '../../../scripts/kafka.mjs';
import { openKafkaLog } from './index.ts';

const open = (broker: string): Promise<unknown> =>
  openKafkaLog({ brokers: [broker], clientId: 'test', stateDirectory: tmpdir(), retryMs: 200 });

test('a cluster of which no broker answers is UNAVAILABLE, and named', async () => {
  const broker = `127.0.0.1:${await freePort()}`;
  await expect(open(broker)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining(`no broker answers at ${broker}`),
  });
});

test('a broker without a port is INVALID', async () => {
  await expect(open('kafka')).rejects.toMatchObject({
    code: 'INVALID',
    message: expect.stringContaining('broker "kafka"; write host:port'),
  });
});
