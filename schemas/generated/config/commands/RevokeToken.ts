// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: the token is worthless from now on. */
export interface RevokeToken {
}

export const REVOKE_TOKEN_SCHEMA: AvroRecordSchema<RevokeToken> = {
  "type": "record",
  "name": "RevokeToken",
  "namespace": "signal.config",
  "doc": "Command: the token is worthless from now on.",
  "fields": [],
};
