import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  ConfigProjection,
  type ConfigState,
  readSnapshot,
  SnapshotDiffers,
  writeSnapshot,
} from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import type { Log, Serde } from '../../streams/index.ts';
import { CONFIG_TOPICS, followConfig, type LastRecord, loadHistory } from '../../topologies/config/index.ts';
import type { Closers } from './closers.ts';

export interface ProjectionOptions {
  readonly log: Pick<Log, 'read' | 'offsets'>;
  readonly serde: Serde<ConfigEvent>;
  readonly dataDir: string;
  /** Who has it can make a snapshot that is believed. */
  readonly key: Buffer;
  readonly logger: Logger;
  readonly fatal: (what: string, error: unknown) => void;
  /** Events after which a snapshot is written, at the latest when this is closed. */
  readonly snapshotEvery?: number;
}

/** Folding fewer events anew costs less than a file. */
const SNAPSHOT_EVERY = 1_000;

/**
 * The configuration, kept at the end of its log. It begins with the snapshot in the data directory, if there is one
 * that this program wrote of this very log, and goes on from there; the events before are read in the background, and
 * it is fatal if they come to something else. A snapshot is a cache: to delete it costs time and nothing else.
 */
export async function projectConfig(options: ProjectionOptions, closers: Closers): Promise<ConfigProjection> {
  const { log, serde, key, logger, fatal, snapshotEvery = SNAPSHOT_EVERY } = options;
  const file = join(options.dataDir, 'config-snapshot');
  const found = await read(file, key, log);
  const projection = new ConfigProjection(found?.state);
  const stop = new AbortController();
  const follower = followConfig(log, serde, projection, stop.signal, found?.record);
  let history: Promise<void> = Promise.resolve();
  let written = projection.version;
  let writing: Promise<void> = Promise.resolve();
  const keep = (): Promise<void> => {
    const { current } = projection;
    const record = follower.last();
    if (record === undefined || current.version - written < snapshotEvery) return writing;
    written = current.version;
    writing = writing
      .then(() => write(file, key, current, record))
      .catch((err: unknown) => logger.warn({ err }, 'no snapshot of the configuration could be written'));
    return writing;
  };
  closers.add('config projection', async () => {
    stop.abort();
    await Promise.allSettled([follower.done, history]);
    await keep();
  });

  await follower.caughtUp;
  follower.done.catch((error: unknown) => fatal('the configuration cannot be followed', error));
  history = loadHistory(log, serde, projection, stop.signal).catch(async (error: unknown) => {
    if (error instanceof SnapshotDiffers) await rm(file, { force: true });
    if (!stop.signal.aborted) fatal('the history of the configuration cannot be read', error);
  });
  projection.subscribe(() => {
    // Not yet: what is called here must not wait, and the record is only known afterwards.
    if (projection.version - written >= snapshotEvery) setImmediate(keep);
  });
  return projection;
}

interface Found {
  readonly state: ConfigState;
  readonly record: LastRecord;
}

const mac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Two lines before the state: the code that proves who wrote all that follows; and the record of the last event,
 * offset and hash. */
async function write(file: string, key: Buffer, state: ConfigState, record: LastRecord): Promise<void> {
  const text = writeSnapshot(state);
  if (text === undefined) throw new Error('there is something in it that cannot be written');
  const body = `${record.offset} ${hash('sha256', record.value)}\n${text}`;
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${mac(key, body)}\n${body}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

async function read(file: string, key: Buffer, log: ProjectionOptions['log']): Promise<Found | undefined> {
  const content = await readFile(file, 'utf8').catch(() => '');
  const [, code = '', body = ''] = /^([0-9a-f]{64})\n(.*)$/s.exec(content) ?? [];
  const [, offset, digest, text = ''] = /^([0-9]{1,15}) ([0-9a-f]{64})\n(.*)$/s.exec(body) ?? [];
  if (offset === undefined || !timingSafeEqual(Buffer.from(code), Buffer.from(mac(key, body))))
    return undefined;
  const state = readSnapshot(text);
  const value = await recordAt(log, Number(offset));
  if (state === undefined || value === undefined || hash('sha256', value) !== digest) return undefined;
  return { state, record: { offset: Number(offset), value } };
}

/** Undefined if the log has none there: it is not the log of the snapshot. */
async function recordAt(log: ProjectionOptions['log'], offset: number): Promise<Buffer | undefined> {
  const topic = { topic: CONFIG_TOPICS.events, partition: 0 };
  const [{ end = 0 } = {}] = await log.offsets(topic.topic);
  if (offset >= end) return undefined;
  for await (const records of log.read({ ...topic, from: offset, to: offset + 1 }))
    for (const record of records) if (record.offset === offset) return record.value ?? undefined;
  return undefined;
}
