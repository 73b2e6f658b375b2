import { ConfigAudit, loadCheckpointKey, parseCheckpointKey, parsePublicKey } from '../../api/index.ts';
import { ConfigProjection, type NoteKey, type NoteSigner } from '../../config/index.ts';
import {
  confluentRegistry,
  openEmbeddedLog,
  type SchemaRegistry,
  startRegistry,
} from '../../streams/index.ts';
import {
  Checkpointer,
  configSerdes,
  followConfig,
  type StoredLog,
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

/** The log in a data directory that no process runs on. */
export interface StoredConfig extends Pick<StoredLog, 'log' | 'schemas'> {
  /** The configuration, folded from its first event. */
  projection(): Promise<ConfigProjection>;
}

/** Opens the data directory, which no process may have open, and closes it again. Nothing is written to its logs,
 * unless `audit` is asked for: that signs what was not signed yet. */
export async function withStoredLog<T>(
  settings: Settings,
  action: (stored: StoredConfig, audit: () => Promise<ConfigAudit>) => Promise<T>,
): Promise<T> {
  const log = await openEmbeddedLog({ directory: settings.dataDir, flush: settings.flush });
  const closers: (() => Promise<void>)[] = [() => log.close()];
  try {
    let url = settings.schemaRegistryUrl;
    if (url === '') {
      const server = await startRegistry({ log, port: 0, onError: () => {} });
      closers.push(() => server.close());
      url = server.url;
    }
    const registry = confluentRegistry({ url });
    const stored = {
      log,
      schemas: new WriterSchemas(registry),
      projection: async () => {
        const projection = new ConfigProjection();
        const stop = new AbortController();
        const { event } = await configSerdes(forReading(registry));
        const follower = followConfig(log, event, projection, stop.signal);
        await follower.caughtUp;
        stop.abort();
        await follower.done;
        return projection;
      },
    };
    return await action(stored, async () => {
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
      const { event: serde } = await configSerdes(forReading(registry));
      return new ConfigAudit({ log, checkpointer, projection: { version: 0 }, serde });
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Reads what was written with any schema, and registers none: this program may be newer than the log. */
const forReading = (registry: SchemaRegistry): SchemaRegistry => ({
  ids: (subject) => registry.ids(subject),
  schema: (id) => registry.schema(id),
  register: async () => NO_SCHEMA,
});

/** No stored schema has it. */
const NO_SCHEMA = -1;
