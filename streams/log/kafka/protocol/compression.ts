import { gunzipSync } from 'node:zlib';
import { LogError } from '../../errors.ts';

/** Kafka's numbers of the codecs a batch's records may be compressed with. */
const CODECS: Readonly<Record<number, { readonly name: string; decompress?(bytes: Buffer): Buffer }>> = {
  1: { name: 'gzip', decompress: (bytes) => gunzipSync(bytes, { maxOutputLength: MAX_BATCH_BYTES }) },
  2: { name: 'snappy' },
  3: { name: 'lz4' },
  4: { name: 'zstd' },
};

/** More than any producer sends at once, little enough for memory. */
const MAX_BATCH_BYTES = 128 * 1024 * 1024;

/** This log writes uncompressed batches, but topics may be written by others. */
export function decompress(codec: number, bytes: Buffer, topic: string): Buffer {
  const known = CODECS[codec];
  if (known?.decompress === undefined) {
    const name = known?.name ?? `number ${codec}`;
    throw new LogError('INVALID', `topic ${topic} holds records compressed with ${name}; use gzip or none`);
  }
  try {
    return known.decompress(bytes);
  } catch (cause) {
    throw new LogError('CORRUPT', `a ${known.name} batch of ${topic} cannot be decompressed`, { cause });
  }
}
