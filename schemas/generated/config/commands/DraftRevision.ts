// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from '../../avro.ts';

/** Command: draft a new revision, or draft one again that is not published. */
export interface DraftRevision {
  /** null: a new one. */
  readonly revision: null | number;
  readonly variant: string;
  /** A JSON object of all non-secret settings. */
  readonly settings: JsonText;
  /** What changed, in the words of whoever drafted it. */
  readonly summary: null | string;
}

export const DRAFT_REVISION_SCHEMA: AvroRecordSchema<DraftRevision> = {
  "type": "record",
  "name": "DraftRevision",
  "namespace": "signal.config",
  "doc": "Command: draft a new revision, or draft one again that is not published.",
  "fields": [
    {"name":"revision","type":["null","int"],"doc":"null: a new one.","default":null},
    {"name":"variant","type":"string"},
    {
      "name": "settings",
      "type": {"type":"string","logicalType":"json"},
      "doc": "A JSON object of all non-secret settings.",
    },
    {
      "name": "summary",
      "type": ["null","string"],
      "doc": "What changed, in the words of whoever drafted it.",
      "default": null,
    },
  ],
};
