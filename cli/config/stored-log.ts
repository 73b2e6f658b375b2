import {
  type AuditedLog,
  LogAudit,
  loadCheckpointKey,
  parseCheckpointKey,
  parsePublicKey,
} from '../../api/index.ts';
import { ConfigProjection, type NoteKey, type NoteSigner } from '../../config/index.ts';
import {
  avroSerde,
  confluentRegistry,
  type Log,
  openEmbeddedLog,
  type SchemaRegistry,
  startRegistry,
} from '../../streams/index.ts';
import { Checkpointer, configSerdes, followConfig, WriterSchemas } from '../../topologies/config/index.ts';
import { checkpointKeyFile, signerOf } from '../run/audit.ts';
import type { Settings } from '../settings.ts';

/** The key that signs a log in the data directory. */
export async function signerIn<E>(settings: Settings, of: AuditedLog<E>): Promise<NoteSigner> {
  const { checkpointKey } = settings;
  const configSigner =
    checkpointKey === undefined
      ? await loadCheckpointKey(checkpointKeyFile(settings))
      : parseCheckpointKey(checkpointKey);
  return signerOf(of, configSigner);
}

/** Keys that signed it before. */
export const retiredKeysIn = <E>(settings: Settings, of: AuditedLog<E>): readonly NoteKey[] =>
  settings.checkpointRetiredKeys.map(parsePublicKey).filter(({ name }) => of.isNamed(name));

/** What is in a data directory that no process runs on. */
export interface StoredLogs {
  readonly log: Log;
  schemas<E>(of: AuditedLog<E>): WriterSchemas;
  /** The configuration, folded from its first event. */
  projection(): Promise<ConfigProjection>;
  /** Signs, as it closes at the latest, what was not signed yet: the one thing here that writes. */
  audit<E>(of: AuditedLog<E>): Promise<LogAudit<E>>;
}

/** Opens the data directory, which no process may have open, and closes it again. */
export async function withStoredLogs<T>(
  settings: Settings,
  action: (stored: StoredLogs) => Promise<T>,
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
    const registry = forReading(confluentRegistry({ url }));
    return await action({
      log,
      schemas: (of) => new WriterSchemas(registry, of.log),
      async projection() {
        const projection = new ConfigProjection();
        const stop = new AbortController();
        const { event } = await configSerdes(registry);
        const follower = followConfig(log, event, projection, stop.signal);
        await follower.caughtUp;
        stop.abort();
        await follower.done;
        return projection;
      },
      async audit(of) {
        const checkpointer = await Checkpointer.start({
          of: of.log,
          log,
          registry,
          signer: await signerIn(settings, of),
          retiredKeys: retiredKeysIn(settings, of),
          clock: { now: () => Date.now() },
          onError: (what, error) =>
            console.error(`signal: ${what}: ${error instanceof Error ? error.message : error}`),
        });
        closers.push(() => checkpointer.close());
        const { schema } = of;
        const serde = await avroSerde({ schema, subject: `${of.log.records}-value`, registry });
        // It has read all there is, and nothing is added.
        return new LogAudit({ of, log, checkpointer, serde, whenRead: async () => {} });
      },
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
