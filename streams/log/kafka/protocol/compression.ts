import { gunzipSync } from 'node:zlib';
import { LogError } from '../../errors.ts';
import { lz4 } from './codecs/lz4.ts';
import { snappy } from './codecs/snappy.ts';
import { zstd } from './codecs/zstd.ts';

/** Throws where the bytes are not the codec's, or would become more than `limit`. */
export type Decompress = (bytes: Buffer, limit: number) => Buffer;

export interface Codec {
  readonly name: string;
  /** Called before each use; throws where the codec's package does not work on this machine. */
  load(): Decompress;
}

const gzip: Codec = {
  name: 'gzip',
  load: () => (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
};

/** By Kafka's numbers. This log writes uncompressed batches, but topics may be written by others. */
const CODECS: readonly (Codec | undefined)[] = [undefined, gzip, snappy, lz4, zstd];

/** More than any producer sends at once, little enough for memory. */
const MAX_BATCH_BYTES = 128 * 1024 * 1024;

export function decompress(codec: number, bytes: Buffer, topic: string, limit = MAX_BATCH_BYTES): Buffer {
  const known = CODECS[codec];
  if (known === undefined) {
    throw new LogError('UNSUPPORTED', `topic ${topic} has records compressed with codec number ${codec}`);
  }
  try {
    return loaded(known, topic)(bytes, limit);
  } catch (cause) {
    if (cause instanceof LogError) throw cause;
    throw new LogError('CORRUPT', `a ${known.name} batch of ${topic} cannot be decompressed`, { cause });
  }
}

function loaded({ name, load }: Codec, topic: string): Decompress {
  try {
    return load();
  } catch (cause) {
    const detail = `topic ${topic} has records compressed with ${name}, for which nothing is installed here`;
    throw new LogError('UNSUPPORTED', `${detail}; install again on this platform, or use gzip or none`, {
      cause,
    });
  }
}
