import type RocksDB from 'rocksdb-native';
import { LogError } from '../errors.ts';

export type RocksDBClass = typeof RocksDB;

/** Loaded on demand: programs that use the Kafka log only must start where the native library cannot. */
export async function loadRocksDB(
  load: () => Promise<{ default: RocksDBClass }> = () => import('rocksdb-native'),
): Promise<RocksDBClass> {
  try {
    return (await load()).default;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const advice = message.includes('libatomic')
      ? 'RocksDB needs libatomic; install it (Debian, Ubuntu: apt-get install libatomic1; Alpine: apk add libatomic)'
      : `RocksDB could not be loaded on ${process.platform}-${process.arch}: ${message}`;
    throw new LogError('UNAVAILABLE', advice, { cause });
  }
}
