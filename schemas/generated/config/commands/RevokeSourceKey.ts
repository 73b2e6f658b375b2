// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: one of two pipeline keys is worthless from now on. */
export interface RevokeSourceKey {
  readonly pipelineKey: string;
}

export const REVOKE_SOURCE_KEY_SCHEMA: AvroRecordSchema<RevokeSourceKey> = {
  "type": "record",
  "name": "RevokeSourceKey",
  "namespace": "signal.config",
  "doc": "Command: one of two pipeline keys is worthless from now on.",
  "fields": [{"name":"pipelineKey","type":"string"}],
};
