// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PasswordChanged {
  readonly userId: string;
  /** The argon2id hash in PHC form, or that sealed. */
  readonly passwordHash: string;
}

export const PASSWORD_CHANGED_SCHEMA: AvroRecordSchema<PasswordChanged> = {
  "type": "record",
  "name": "PasswordChanged",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"userId","type":"string"},
    {"name":"passwordHash","type":"string","doc":"The argon2id hash in PHC form, or that sealed."},
  ],
};
