// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: no more logins. */
export interface DisableUser {
}

export const DISABLE_USER_SCHEMA: AvroRecordSchema<DisableUser> = {
  "type": "record",
  "name": "DisableUser",
  "namespace": "signal.config",
  "doc": "Command: no more logins.",
  "fields": [],
};
