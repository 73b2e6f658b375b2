// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: change what is given. */
export interface UpdateConsent {
  /** Canonical categories by a consent platform's codes, all of them; null: as they are. */
  readonly categories: null | Readonly<Record<string, string>>;
  /** allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known. null: as it is. */
  readonly defaultPolicy: null | string;
}

export const UPDATE_CONSENT_SCHEMA: AvroRecordSchema<UpdateConsent> = {
  "type": "record",
  "name": "UpdateConsent",
  "namespace": "signal.config",
  "doc": "Command: change what is given.",
  "fields": [
    {
      "name": "categories",
      "type": ["null",{"type":"map","values":"string"}],
      "doc": "Canonical categories by a consent platform's codes, all of them; null: as they are.",
      "default": null,
    },
    {
      "name": "defaultPolicy",
      "type": ["null","string"],
      "doc": "allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known. null: as it is.",
      "default": null,
    },
  ],
};
