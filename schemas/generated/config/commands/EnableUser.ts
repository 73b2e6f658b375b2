// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: logins again. */
export interface EnableUser {
}

export const ENABLE_USER_SCHEMA: AvroRecordSchema<EnableUser> = {
  "type": "record",
  "name": "EnableUser",
  "namespace": "signal.config",
  "doc": "Command: logins again.",
  "fields": [],
};
