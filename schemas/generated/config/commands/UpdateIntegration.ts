// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from '../../avro.ts';

/** Command: change what is given. A variant or settings become a draft of a new revision. */
export interface UpdateIntegration {
  /** null: as it is. */
  readonly name: null | string;
  /** null: as they are. */
  readonly consentCategories: null | readonly string[];
  /** null: the latest revision's. */
  readonly variant: null | string;
  /** A JSON object, of all non-secret settings; null: the latest revision's. */
  readonly settings: null | JsonText;
}

export const UPDATE_INTEGRATION_SCHEMA: AvroRecordSchema<UpdateIntegration> = {
  "type": "record",
  "name": "UpdateIntegration",
  "namespace": "signal.config",
  "doc": "Command: change what is given. A variant or settings become a draft of a new revision.",
  "fields": [
    {"name":"name","type":["null","string"],"doc":"null: as it is.","default":null},
    {
      "name": "consentCategories",
      "type": ["null",{"type":"array","items":"string"}],
      "doc": "null: as they are.",
      "default": null,
    },
    {"name":"variant","type":["null","string"],"doc":"null: the latest revision's.","default":null},
    {
      "name": "settings",
      "type": ["null",{"type":"string","logicalType":"json"}],
      "doc": "A JSON object, of all non-secret settings; null: the latest revision's.",
      "default": null,
    },
  ],
};
