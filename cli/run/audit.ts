import { join } from 'node:path';
import {
  ConfigAudit,
  directoryPublisher,
  loadOrCreateCheckpointKey,
  objectStorePublisher,
  parseCheckpointKey,
  parsePublicKey,
  webhookPublisher,
} from '../../api/index.ts';
import { Checkpointer, type CheckpointPublisher } from '../../topologies/config/index.ts';
import { SettingError, type Settings } from '../settings.ts';
import type { Closers } from './closers.ts';
import { clock, type Foundation } from './foundation.ts';

/** Where the key is kept that signs checkpoints, unless a setting holds it. */
export const checkpointKeyFile = (settings: Settings): string => join(settings.dataDir, 'checkpoint.key');

/** Signs the configuration's log from now on. To be closed after whatever writes to that log. */
export async function startAudit(foundation: Foundation, closers: Closers): Promise<ConfigAudit> {
  const { settings, log, logger, projection, configSerdes, schemas } = foundation;
  const { checkpointKey, checkpointRetiredKeys, checkpointEvery } = settings;
  const checkpointer = await Checkpointer.start({
    log,
    registry: schemas,
    signer:
      checkpointKey === undefined
        ? await loadOrCreateCheckpointKey(checkpointKeyFile(settings))
        : parseCheckpointKey(checkpointKey),
    retiredKeys: checkpointRetiredKeys.map(parsePublicKey),
    every: checkpointEvery,
    publishers: publishersOf(settings),
    clock,
    onError: (what, error) => logger.error({ err: error }, what),
  });
  closers.add('checkpoints', () => checkpointer.close());
  return new ConfigAudit({ log, checkpointer, projection, serde: configSerdes.event });
}

function publishersOf(settings: Settings): CheckpointPublisher[] {
  const { checkpointDirectory, checkpointWebhook, checkpointBucket } = settings;
  const publishers: CheckpointPublisher[] = [];
  if (checkpointDirectory !== '') publishers.push(directoryPublisher(checkpointDirectory));
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
      url: httpUrl('SIGNAL_CHECKPOINT_BUCKET', checkpointBucket),
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
