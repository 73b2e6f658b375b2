// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { Consent } from './Consent.ts';
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
  /** As the visitor's latest event that spoke of it said it, before any mapping. */
  readonly consent: null | Consent;
  /** When that was. */
  readonly consentAt: null | number;
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
    {
      "name": "consent",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Consent",
          "namespace": "signal",
          "doc": "What the visitor agreed to when the event happened.",
          "fields": [
            {
              "name": "categories",
              "type": {"type":"map","values":"boolean"},
              "doc": "The consent platform's own category codes.",
              "default": {},
            },
            {
              "name": "canonical",
              "type": {"type":"map","values":"boolean"},
              "doc": "The same in the five canonical categories: essential, functional, analytics, marketing, personalization.",
              "default": {},
            },
          ],
        },
      ],
      "doc": "As the visitor's latest event that spoke of it said it, before any mapping.",
      "default": null,
    },
    {
      "name": "consentAt",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "doc": "When that was.",
      "default": null,
    },
  ],
};
