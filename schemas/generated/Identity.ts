// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from './avro.ts';

/** What was known of the visitor when the event was processed. */
export interface Identity {
  readonly userId: null | string;
  readonly groupId: null | string;
  /** Traits of the user, all identify calls merged. */
  readonly traits: JsonText;
  /** Traits of the group. */
  readonly groupTraits: JsonText;
  readonly clickIds: Readonly<Record<string, string>>;
  readonly vendorIds: Readonly<Record<string, string>>;
  readonly firstSeen: null | number;
  readonly lastSeen: null | number;
}

export const IDENTITY_SCHEMA: AvroRecordSchema<Identity> = {
  "type": "record",
  "name": "Identity",
  "namespace": "signal",
  "doc": "What was known of the visitor when the event was processed.",
  "fields": [
    {"name":"userId","type":["null","string"],"default":null},
    {"name":"groupId","type":["null","string"],"default":null},
    {
      "name": "traits",
      "type": {"type":"string","logicalType":"json"},
      "doc": "Traits of the user, all identify calls merged.",
      "default": "{}",
    },
    {
      "name": "groupTraits",
      "type": {"type":"string","logicalType":"json"},
      "doc": "Traits of the group.",
      "default": "{}",
    },
    {"name":"clickIds","type":{"type":"map","values":"string"},"default":{}},
    {"name":"vendorIds","type":{"type":"map","values":"string"},"default":{}},
    {
      "name": "firstSeen",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "default": null,
    },
    {
      "name": "lastSeen",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "default": null,
    },
  ],
};
