// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: another role. Making somebody the owner makes the owner an admin. */
export interface ChangeUserRole {
  /** owner, admin, editor, viewer or auditor */
  readonly role: string;
}

export const CHANGE_USER_ROLE_SCHEMA: AvroRecordSchema<ChangeUserRole> = {
  "type": "record",
  "name": "ChangeUserRole",
  "namespace": "signal.config",
  "doc": "Command: another role. Making somebody the owner makes the owner an admin.",
  "fields": [{"name":"role","type":"string","doc":"owner, admin, editor, viewer or auditor"}],
};
