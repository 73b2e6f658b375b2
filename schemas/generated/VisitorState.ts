// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from './avro.ts';

/** State store of the identity join: what is known of one visitor (anonymousId). */
export interface VisitorState {
  readonly userId: null | string;
  readonly groupId: null | string;
  readonly traits: JsonText;
  readonly groupTraits: JsonText;
  readonly clickIds: Readonly<Record<string, string>>;
  readonly vendorIds: Readonly<Record<string, string>>;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export const VISITOR_STATE_SCHEMA: AvroRecordSchema<VisitorState> = {
  "type": "record",
  "name": "VisitorState",
  "namespace": "signal",
  "doc": "State store of the identity join: what is known of one visitor (anonymousId).",
  "fields": [
    {"name":"userId","type":["null","string"],"default":null},
    {"name":"groupId","type":["null","string"],"default":null},
    {"name":"traits","type":{"type":"string","logicalType":"json"},"default":"{}"},
    {"name":"groupTraits","type":{"type":"string","logicalType":"json"},"default":"{}"},
    {"name":"clickIds","type":{"type":"map","values":"string"},"default":{}},
    {"name":"vendorIds","type":{"type":"map","values":"string"},"default":{}},
    {"name":"firstSeen","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"lastSeen","type":{"type":"long","logicalType":"timestamp-millis"}},
  ],
};
