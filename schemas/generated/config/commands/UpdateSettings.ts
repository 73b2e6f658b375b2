// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: change what is given. */
export interface UpdateSettings {
  readonly changeReasonRequired: null | boolean;
  readonly approvalRequired: null | boolean;
  readonly requestsPerMinute: null | number;
  /** null: as it is. */
  readonly deduplicationHours: null | number;
}

export const UPDATE_SETTINGS_SCHEMA: AvroRecordSchema<UpdateSettings> = {
  "type": "record",
  "name": "UpdateSettings",
  "namespace": "signal.config",
  "doc": "Command: change what is given.",
  "fields": [
    {"name":"changeReasonRequired","type":["null","boolean"],"default":null},
    {"name":"approvalRequired","type":["null","boolean"],"default":null},
    {"name":"requestsPerMinute","type":["null","int"],"default":null},
    {"name":"deduplicationHours","type":["null","int"],"doc":"null: as it is.","default":null},
  ],
};
