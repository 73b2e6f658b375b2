// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface UserDisabled {
  readonly userId: string;
}

export const USER_DISABLED_SCHEMA: AvroRecordSchema<UserDisabled> = {
  "type": "record",
  "name": "UserDisabled",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"userId","type":"string"}],
};
