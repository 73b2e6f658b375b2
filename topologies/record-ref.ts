import type { RecordRef } from '../schemas/index.ts';
import type { RecordMetadata } from '../streams/index.ts';

/** Lineage to the record being processed. Punctuators have none; a processor that calls this there is wrong. */
export function recordRef(metadata: RecordMetadata | undefined): RecordRef {
  if (metadata === undefined) throw new Error('no record is being processed');
  const { topic, partition, offset } = metadata;
  return { topic, partition, offset };
}
