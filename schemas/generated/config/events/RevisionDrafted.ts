// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from '../../avro.ts';

/** Event: a new revision, or another text of one that was drafted. */
export interface RevisionDrafted {
  readonly integrationId: string;
  readonly revision: number;
  readonly variant: string;
  readonly settings: JsonText;
  /** What changed, in the words of whoever drafted it. */
  readonly summary: null | string;
  /** The person: a user, also where a token of theirs was used. */
  readonly author: string;
}

export const REVISION_DRAFTED_SCHEMA: AvroRecordSchema<RevisionDrafted> = {
  "type": "record",
  "name": "RevisionDrafted",
  "namespace": "signal.config",
  "doc": "Event: a new revision, or another text of one that was drafted.",
  "fields": [
    {"name":"integrationId","type":"string"},
    {"name":"revision","type":"int"},
    {"name":"variant","type":"string"},
    {"name":"settings","type":{"type":"string","logicalType":"json"}},
    {
      "name": "summary",
      "type": ["null","string"],
      "doc": "What changed, in the words of whoever drafted it.",
      "default": null,
    },
    {
      "name": "author",
      "type": "string",
      "doc": "The person: a user, also where a token of theirs was used.",
    },
  ],
};
