import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SIGNER, sampleEvent } from '../../api/audit/testing/sample-export.ts';
import { configAudit, toNdjson, verifyExport } from '../../api/index.ts';
import { type Log, memoryRegistry, NO_HEADERS, openKafkaLog } from '../../streams/index.ts';
import { Checkpointer, CONFIG_LOG, configSerdes, topicsOfConfig } from '../../topologies/config/index.ts';
import { describeWithKafka } from '../support/kafka.ts';
import { waitFor } from '../support/wait-for.ts';

describeWithKafka('the audit trail on Kafka', (kafka) => {
  let directory: string;
  let log: Log;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signal-audit-kafka-'));
    log = await openKafkaLog({ brokers: kafka().brokers, clientId: 'audit', stateDirectory: directory });
    await log.createTopics(topicsOfConfig);
  });

  afterAll(async () => {
    await log?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('is one tree to two processes, whatever transactions leave between the events', async () => {
    const registry = memoryRegistry();
    const { event: serde } = await configSerdes(registry);
    const errors: unknown[] = [];
    const start = () =>
      Checkpointer.start({
        of: CONFIG_LOG,
        log,
        registry,
        signer: SIGNER,
        every: 10,
        clock: { now: () => Date.now() },
        onError: (what, error) => errors.push(what, error),
      });
    const [one, other] = [await start(), await start()];

    // One commit for each event: a marker after each of them.
    const task = await log.openTask({ id: 'decider', group: 'decider', partitions: [] });
    for (let sequence = 1; sequence <= 25; sequence++) {
      const value = serde.serialize(sampleEvent(sequence));
      const record = { topic: 'config-events', key: null, value, timestamp: sequence, headers: NO_HEADERS };
      await task.commit({ records: [record] });
    }
    await task.close();
    await waitFor(() => one.signedSize >= 20 && other.signedSize >= 20, { what: 'two checkpoints' });

    for (const checkpointer of [one, other]) {
      const audit = configAudit({ log, checkpointer, projection: { version: 25 }, serde });
      expect(await audit.verify()).toMatchObject({ valid: true, size: 25 });
      const source = await audit.export();
      async function* chunks(): AsyncIterable<Uint8Array> {
        for await (const text of toNdjson(source)) yield Buffer.from(text);
      }
      const verified = await verifyExport({ chunks: chunks(), keys: [SIGNER.key] });
      expect(verified).toMatchObject({ valid: true, size: 25, signedSize: 25 });
    }
    await one.close();
    await other.close();
    expect(errors).toEqual([]);
  });
});
