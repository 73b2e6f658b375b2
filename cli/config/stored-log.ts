import { ConfigAudit, loadCheckpointKey, parseCheckpointKey, parsePublicKey } from '../../api/index.ts';
import type { NoteKey, NoteSigner } from '../../config/index.ts';
import { confluentRegistry, openEmbeddedLog, startRegistry } from '../../streams/index.ts';
import {
  Checkpointer,
  configSerdes,
  type StoredLog,
  topicsOfConfig,
  WriterSchemas,
} from '../../topologies/config/index.ts';
import { checkpointKeyFile } from '../run/audit.ts';
import type { Settings } from '../settings.ts';

/** The key that signs the log in the data directory. */
export function signerIn(settings: Settings): Promise<NoteSigner> {
  const { checkpointKey } = settings;
  return checkpointKey === undefined
    ? loadCheckpointKey(checkpointKeyFile(settings))
    : Promise.resolve(parseCheckpointKey(checkpointKey));
}

export const retiredKeysIn = (settings: Settings): readonly NoteKey[] =>
  settings.checkpointRetiredKeys.map(parsePublicKey);

/** Opens the data directory, which no process may have open, and closes it again. */
export async function withStoredLog<T>(
  settings: Settings,
  action: (log: Pick<StoredLog, 'log' | 'schemas'>, audit: () => Promise<ConfigAudit>) => Promise<T>,
): Promise<T> {
  const log = await openEmbeddedLog({ directory: settings.dataDir, flush: settings.flush });
  const closers: (() => Promise<void>)[] = [() => log.close()];
  try {
    await log.createTopics(topicsOfConfig);
    let url = settings.schemaRegistryUrl;
    if (url === '') {
      const server = await startRegistry({ log, port: 0, onError: () => {} });
      closers.push(() => server.close());
      url = server.url;
    }
    const registry = confluentRegistry({ url });
    return await action({ log, schemas: new WriterSchemas(registry) }, async () => {
      const checkpointer = await Checkpointer.start({
        log,
        registry,
        signer: await signerIn(settings),
        retiredKeys: retiredKeysIn(settings),
        clock: { now: () => Date.now() },
        onError: (what, error) =>
          console.error(`signal: ${what}: ${error instanceof Error ? error.message : error}`),
      });
      closers.push(() => checkpointer.close());
      const { event: serde } = await configSerdes(registry);
      return new ConfigAudit({ log, checkpointer, projection: { version: 0 }, serde });
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
