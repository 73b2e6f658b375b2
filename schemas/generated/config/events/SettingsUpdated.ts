// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event: how the settings of the organisation are from now on. */
export interface SettingsUpdated {
  /** Every change says why. */
  readonly changeReasonRequired: boolean;
  /** A revision is published once a second person approved it. */
  readonly approvalRequired: boolean;
  /** Of a caller at the management API. */
  readonly requestsPerMinute: number;
  /** How long a message that comes again is the same message; 0: never. */
  readonly deduplicationHours: number;
}

export const SETTINGS_UPDATED_SCHEMA: AvroRecordSchema<SettingsUpdated> = {
  "type": "record",
  "name": "SettingsUpdated",
  "namespace": "signal.config",
  "doc": "Event: how the settings of the organisation are from now on.",
  "fields": [
    {"name":"changeReasonRequired","type":"boolean","doc":"Every change says why."},
    {
      "name": "approvalRequired",
      "type": "boolean",
      "doc": "A revision is published once a second person approved it.",
    },
    {"name":"requestsPerMinute","type":"int","doc":"Of a caller at the management API."},
    {
      "name": "deduplicationHours",
      "type": "int",
      "doc": "How long a message that comes again is the same message; 0: never.",
      "default": 24,
    },
  ],
};
