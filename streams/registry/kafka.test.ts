import { expect, onTestFinished, test } from 'vitest';
import { describeWithKafka } from '../../test/support/kafka.ts';
import { openKafkaLog } from '../log/kafka/index.ts';
import { startRegistry } from './server.ts';
import { request, schemaOf, temporaryDirectory } from './testing.ts';

describeWithKafka('registries of several processes on Kafka', (kafka) => {
  async function join() {
    const stateDirectory = await temporaryDirectory();
    const log = await openKafkaLog({ brokers: kafka().brokers, clientId: 'registry-test', stateDirectory });
    onTestFinished(() => log.close());
    const server = await startRegistry({ log, port: 0 });
    onTestFinished(() => server.close());
    return server;
  }
  const version = (number: number) =>
    schemaOf([{ name: 'id', type: 'string' }], { doc: `Version ${number}.` });

  test('decide as one, and each learns what the others did', async () => {
    const servers = [await join(), await join()];
    const answers = await Promise.all(
      servers.flatMap((server, index) =>
        Array.from({ length: 10 }, (_, number) =>
          request(server, 'POST /subjects/a/versions', version(number * 2 + index)),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const all = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(answers.map(({ body }) => Object(body).id).sort((a, b) => a - b)).toEqual(all);
    for (const server of [...servers, await join()])
      await expect
        .poll(async () => (await request(server, 'GET /subjects/a/versions')).body, { timeout: 60_000 })
        .toEqual(all);
  });
});
