// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a new pipeline key beside the one there is, until that is revoked. */
export interface RotateSourceKey {
  /** dk_live_…, made by the caller: deciding has no randomness. */
  readonly pipelineKey: string;
}

export const ROTATE_SOURCE_KEY_SCHEMA: AvroRecordSchema<RotateSourceKey> = {
  "type": "record",
  "name": "RotateSourceKey",
  "namespace": "signal.config",
  "doc": "Command: a new pipeline key beside the one there is, until that is revoked.",
  "fields": [
    {
      "name": "pipelineKey",
      "type": "string",
      "doc": "dk_live_…, made by the caller: deciding has no randomness.",
    },
  ],
};
