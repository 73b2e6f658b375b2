import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { loadOrCreateMasterKey, parseMasterKey, SecretVault, topicsOfSecrets } from '../../api/index.ts';
import type { Catalog, ConfigProjection } from '../../config/index.ts';
import { CATALOG } from '../../integrations/index.ts';
import {
  confluentRegistry,
  type Log,
  openEmbeddedLog,
  openKafkaLog,
  type SchemaRegistry,
  StreamsMetrics,
  startRegistry,
} from '../../streams/index.ts';
import { type ConfigSerdes, configSerdes, topicsOfConfig } from '../../topologies/config/index.ts';
import { type RecordSerdes, recordSerdes } from '../../topologies/record-serdes.ts';
import { eventTopics } from '../../topologies/topics.ts';
import type { Settings } from '../settings.ts';
import type { Closers } from './closers.ts';
import { projectConfig } from './config-projection.ts';

/** What every role stands on. */
export interface Foundation {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Something broke that this process cannot mend: it must end and be started again. */
  readonly fatal: (what: string, error: unknown) => void;
  readonly register: Registry;
  readonly streamsMetrics: StreamsMetrics;
  readonly log: Log;
  readonly registryUrl: string;
  /** Its client. */
  readonly schemas: SchemaRegistry;
  readonly serdes: RecordSerdes;
  readonly configSerdes: ConfigSerdes;
  /** Kept at the end of the config log. */
  readonly projection: ConfigProjection;
  readonly catalog: Catalog;
  readonly vault: SecretVault;
}

export const clock = { now: (): number => Date.now() };

/** Opens the log and brings everything computed from it up to date. Leaves what is to be closed in `closers`. */
export async function layFoundation(
  settings: Settings,
  deps: Pick<Foundation, 'logger' | 'fatal' | 'register'>,
  closers: Closers,
): Promise<Foundation> {
  const { logger, fatal, register } = deps;
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const log = await openLog(settings, logger);
  closers.add('log', () => log.close());
  await log.createTopics([...eventTopics(), ...topicsOfConfig, ...topicsOfSecrets]);

  const registryUrl = settings.schemaRegistryUrl || (await startOwnRegistry(log, deps, settings, closers));
  const schemas = confluentRegistry({ url: registryUrl });

  const [serdes, configuration, masterKey] = await Promise.all([
    recordSerdes(schemas),
    configSerdes(schemas),
    masterKeyOf(settings),
  ]);
  const vault = await SecretVault.start({ log, masterKey, clock });

  const projection = await projectConfig(
    {
      log,
      serde: configuration.event,
      dataDir: settings.dataDir,
      key: vault.deriveKey('signal/config-snapshot'),
      logger,
      fatal,
    },
    closers,
  );

  return {
    settings,
    logger,
    fatal,
    register,
    streamsMetrics: new StreamsMetrics(register),
    log,
    registryUrl,
    schemas,
    serdes,
    configSerdes: configuration,
    projection,
    catalog: new Map(CATALOG.map((vendor) => [vendor.key, vendor])),
    vault,
  };
}

/** 32 bytes. The data directory has to be there. */
export async function masterKeyOf({ encryptionKey, dataDir }: Settings): Promise<Buffer> {
  return encryptionKey === undefined
    ? loadOrCreateMasterKey(join(dataDir, 'master.key'))
    : parseMasterKey(encryptionKey);
}

function openLog(settings: Settings, logger: Logger): Promise<Log> {
  if (settings.kafkaBrokers.length > 0) {
    return openKafkaLog({
      brokers: settings.kafkaBrokers,
      clientId: 'signal',
      stateDirectory: join(settings.dataDir, 'state'),
    });
  }
  return openEmbeddedLog({
    directory: settings.dataDir,
    flush: settings.flush,
    defaultPartitions: settings.partitions,
    onBackgroundError: (error) =>
      logger.error({ err: error }, 'the log could not clean up; it will try again'),
  });
}

async function startOwnRegistry(
  log: Log,
  { fatal }: Pick<Foundation, 'fatal'>,
  settings: Settings,
  closers: Closers,
): Promise<string> {
  const registry = await startRegistry({
    log,
    port: settings.registryPort,
    onError: (error) => fatal('the schema registry cannot follow its topic', error),
  });
  closers.add('schema registry', () => registry.close());
  return registry.url;
}
