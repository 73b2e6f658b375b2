import { LogError } from './errors.ts';
import type { CommittedOffset, RecordPosition } from './log.ts';

/** Kafka's default limit (`offset.metadata.max.bytes`), kept by every adapter. */
const MAX_METADATA_BYTES = 4096;

/** A position to be committed, as it will be read back; throws an `INVALID` if it cannot be committed. */
export function committedOffset(
  position: RecordPosition & { readonly metadata?: string | undefined },
): CommittedOffset {
  const { topic, partition, offset, metadata = '' } = position;
  if (Buffer.byteLength(metadata) > MAX_METADATA_BYTES) {
    throw new LogError(
      'INVALID',
      `metadata committed for ${topic}-${partition} exceeds ${MAX_METADATA_BYTES} bytes`,
    );
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new LogError('INVALID', `offset ${offset} committed for ${topic}-${partition}`);
  }
  return { topic, partition, offset, metadata };
}
