import { join } from 'node:path';
import {
  type AccessControl,
  AUDITED_ACCESS,
  AUDITED_CONFIG,
  type AuditedLog,
  accessAudit,
  accessLogName,
  configAudit,
  directoryPublisher,
  type LogAudit,
  loadOrCreateCheckpointKey,
  objectStorePublisher,
  parseCheckpointKey,
  parsePublicKey,
  webhookPublisher,
} from '../../api/index.ts';
import type { NoteSigner } from '../../config/index.ts';
import type { AccessRecord, ConfigEvent } from '../../schemas/index.ts';
import { Checkpointer, type CheckpointPublisher, CONFIG_LOG } from '../../topologies/config/index.ts';
import { SettingError, type Settings } from '../settings.ts';
import type { Closers } from './closers.ts';
import { clock, type Foundation } from './foundation.ts';

/** Where the key is kept that signs checkpoints, unless a setting holds it. */
export const checkpointKeyFile = (settings: Settings): string => join(settings.dataDir, 'checkpoint.key');

/** Signs the configuration's log from now on. To be closed after whatever writes to that log. */
export async function startConfigAudit(
  foundation: Foundation,
  closers: Closers,
): Promise<LogAudit<ConfigEvent>> {
  const { log, projection, configSerdes } = foundation;
  const checkpointer = await startCheckpointer(foundation, closers, AUDITED_CONFIG);
  return configAudit({ log, checkpointer, projection, serde: configSerdes.event });
}

/** As `startConfigAudit`, for the access log. */
export async function startAccessAudit(
  foundation: Foundation,
  closers: Closers,
  { access, accessSerde: serde }: AccessControl,
): Promise<LogAudit<AccessRecord>> {
  const checkpointer = await startCheckpointer(foundation, closers, AUDITED_ACCESS);
  return accessAudit({ log: foundation.log, checkpointer, access, serde });
}

/** Of a log beside the config log: named after it, and with a key that follows from the one that signs that. */
export const signerOf = (of: Pick<AuditedLog<never>, 'isNamed'>, configSigner: NoteSigner): NoteSigner =>
  of.isNamed(configSigner.key.name)
    ? configSigner
    : configSigner.derive(accessLogName(configSigner.key.name));

async function startCheckpointer<E>(
  foundation: Foundation,
  closers: Closers,
  of: AuditedLog<E>,
): Promise<Checkpointer> {
  const { settings, log, logger, schemas } = foundation;
  const { checkpointKey, checkpointRetiredKeys, checkpointEvery } = settings;
  const configSigner =
    checkpointKey === undefined
      ? await loadOrCreateCheckpointKey(checkpointKeyFile(settings))
      : parseCheckpointKey(checkpointKey);
  const checkpointer = Checkpointer.begin({
    of: of.log,
    log,
    registry: schemas,
    signer: signerOf(of, configSigner),
    retiredKeys: checkpointRetiredKeys.map(parsePublicKey).filter(({ name }) => of.isNamed(name)),
    every: checkpointEvery,
    publishers: publishersOf(settings, of.log === CONFIG_LOG ? '' : of.file),
    clock,
    onError: (what, error) => logger.error({ err: error }, what),
  });
  closers.add(`checkpoints of the ${of.log.name}`, () => checkpointer.close());
  return checkpointer;
}

/** `folder`: in a directory or bucket, so that the logs lie apart. */
function publishersOf(settings: Settings, folder: string): CheckpointPublisher[] {
  const { checkpointDirectory, checkpointWebhook, checkpointBucket } = settings;
  const publishers: CheckpointPublisher[] = [];
  if (checkpointDirectory !== '') publishers.push(directoryPublisher(join(checkpointDirectory, folder)));
  if (checkpointWebhook !== undefined)
    publishers.push(webhookPublisher(httpUrl('SIGNAL_CHECKPOINT_WEBHOOK', checkpointWebhook)));
  if (checkpointBucket === '') return publishers;
  const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey } = settings;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new SettingError(
      'SIGNAL_CHECKPOINT_BUCKET needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment or the settings file',
    );
  publishers.push(
    objectStorePublisher({
      url: `${httpUrl('SIGNAL_CHECKPOINT_BUCKET', checkpointBucket).replace(/\/+$/, '')}/${folder}`,
      region: settings.awsRegion,
      accessKeyId,
      secretAccessKey,
      sessionToken: settings.awsSessionToken,
    }),
  );
  return publishers;
}

/** The message does not show the URL: it may hold a password. */
function httpUrl(setting: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new SettingError(`${setting} is not an http or https URL`);
}
