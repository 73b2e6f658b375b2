// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a new password. */
export interface ChangePassword {
  /** The argon2id hash in PHC form, or that sealed. */
  readonly passwordHash: string;
}

export const CHANGE_PASSWORD_SCHEMA: AvroRecordSchema<ChangePassword> = {
  "type": "record",
  "name": "ChangePassword",
  "namespace": "signal.config",
  "doc": "Command: a new password.",
  "fields": [{"name":"passwordHash","type":"string","doc":"The argon2id hash in PHC form, or that sealed."}],
};
