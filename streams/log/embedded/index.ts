import { mkdir } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { Catalog } from './catalog.ts';
import { Compaction } from './compaction.ts';
import { EmbeddedLog } from './embedded-log.ts';
import { checkFormat } from './format.ts';
import { GroupOffsets } from './group-offsets.ts';
import { GroupWriter } from './group-writer.ts';
import { loadRocksDB } from './load-rocksdb.ts';
import { removeOwner, writeOwner } from './owner.ts';
import { Retention } from './retention.ts';
import { Storage, storageError } from './storage.ts';
import { StoreIds } from './store-ids.ts';
import { TailCache } from './tail-cache.ts';
import { WalSync } from './wal-sync.ts';

export interface EmbeddedLogOptions {
  /** Created if missing. Only one process can have it open (`LOCKED`). */
  readonly directory: string;
  /** What an acknowledged append survives: `disk`, a power cut; `os`, only the end of the process. */
  readonly flush?: 'disk' | 'os' | undefined;
  /** For topics created without a number. */
  readonly defaultPartitions?: number | undefined;
  /** Newest records kept in memory for readers that keep up. */
  readonly tailCacheBytes?: number | undefined;
  /** Greatest record accepted (`RECORD_TOO_LARGE`); Kafka's default. */
  readonly maxRecordBytes?: number | undefined;
  /** How often retention and compaction are looked after. */
  readonly retentionCheckMs?: number | undefined;
  /** Reports what fails in the background (retention, compaction), which is tried again. */
  readonly onBackgroundError?: ((error: unknown) => void) | undefined;
  /** Wall clock in epoch milliseconds, for retention. */
  readonly now?: (() => number) | undefined;
}

/**
 * Opens the log in a directory of this machine. Appends that wait for the disk are not bounded here: each caller
 * awaits its own, so bound how many callers there are.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<Log> {
  const {
    directory,
    flush = 'disk',
    defaultPartitions = 4,
    tailCacheBytes = 16 * 1024 * 1024,
    maxRecordBytes = 1024 * 1024,
    retentionCheckMs = 60_000,
    onBackgroundError = (error) => process.emitWarning(`log retention failed: ${error}`),
    now = Date.now,
  } = options;
  const RocksDB = await loadRocksDB();
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageError(`${directory} cannot be made`, error);
  }
  const storage = await Storage.open(RocksDB, directory);
  try {
    await writeOwner(directory);
    await checkFormat(storage, directory);
    const [catalog, offsets, stores] = await Promise.all([
      Catalog.load(storage),
      GroupOffsets.load(storage),
      StoreIds.load(storage),
    ]);
    const cache = new TailCache(tailCacheBytes);
    const wal = new WalSync(storage.db, directory);
    const writer = new GroupWriter(storage, cache, flush === 'disk' ? wal : undefined, now);
    const retention = new Retention(catalog, storage, writer);
    const compaction = new Compaction({ catalog, storage, cache, writer });
    let enforcing: Promise<void> | undefined;
    const timer = setInterval(() => {
      enforcing ??= retention
        .enforce(now())
        .then(() => compaction.run(now()))
        .catch(onBackgroundError)
        .finally(() => {
          enforcing = undefined;
        });
    }, retentionCheckMs).unref();
    return new EmbeddedLog({
      storage,
      cache,
      writer,
      catalog,
      offsets,
      stores,
      defaultPartitions,
      maxRecordBytes,
      release: async () => {
        clearInterval(timer);
        await enforcing;
        try {
          await wal.sync();
        } finally {
          await wal.close();
          // Before the lock goes, so that it is never the note of the next owner.
          await removeOwner(directory);
          await storage.close();
        }
      },
    });
  } catch (error) {
    await removeOwner(directory);
    await storage.close();
    throw error;
  }
}
