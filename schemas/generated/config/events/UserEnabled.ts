// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface UserEnabled {
  readonly userId: string;
}

export const USER_ENABLED_SCHEMA: AvroRecordSchema<UserEnabled> = {
  "type": "record",
  "name": "UserEnabled",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"userId","type":"string"}],
};
