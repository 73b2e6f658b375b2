// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface UserRoleChanged {
  readonly userId: string;
  readonly role: string;
}

export const USER_ROLE_CHANGED_SCHEMA: AvroRecordSchema<UserRoleChanged> = {
  "type": "record",
  "name": "UserRoleChanged",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"userId","type":"string"},{"name":"role","type":"string"}],
};
