import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SecretVault, topicsOfSecrets } from '../../api/index.ts';
import { openKafkaLog } from '../../streams/index.ts';
import { describeWithKafka } from '../support/kafka.ts';
import { waitFor } from '../support/wait-for.ts';

const LAG_MS = 1_000;

describeWithKafka(
  'a secret that is destroyed, on Kafka,',
  (kafka) => {
    it('leaves no data key on the disk of the broker', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'signal-shredding-kafka-'));
      const { brokers, directory: brokerDirectory } = kafka();
      const log = await openKafkaLog({ brokers, clientId: 'vault', stateDirectory: directory });
      onTestFinished(async () => {
        await log.close();
        rmSync(directory, { recursive: true, force: true });
      });
      await log.createTopics(topicsOfSecrets.map((topic) => ({ ...topic, compactionLagMs: LAG_MS })));
      const vault = await SecretVault.start({
        log,
        masterKey: Buffer.alloc(32, 7),
        clock: { now: () => Date.now() },
        nudgeAfterMs: LAG_MS + 100,
      });
      const [destroyed, kept] = [await vault.seal('destroyed'), await vault.seal('kept')];
      const keys: Buffer[] = [];
      for await (const records of log.read({ topic: 'secret-keys', partition: 0, from: 0 }))
        for (const { value } of records) if (value !== null) keys.push(Buffer.from(value));
      const isOnDisk = (key: Buffer | undefined): boolean =>
        key !== undefined && files(brokerDirectory).some((file) => file.includes(key));
      expect(keys.map(isOnDisk)).toEqual([true, true]);

      await vault.destroy(destroyed.sealed);
      await waitFor(() => !isOnDisk(keys[0]), { timeoutMs: 60_000, what: 'the key to be gone from disk' });
      expect(isOnDisk(keys[1])).toBe(true);
      expect(await vault.open(kept.sealed)).toBe('kept');
    });
  },
  // As often as every 15 s otherwise.
  { settings: { 'log.cleaner.backoff.ms': 200 } },
);

function files(directory: string): Buffer[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      try {
        return [readFileSync(join(entry.parentPath, entry.name))];
      } catch {
        // The broker deletes some while this reads.
        return [];
      }
    });
}
