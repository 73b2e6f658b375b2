// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event: how consent is read from now on. */
export interface ConsentUpdated {
  /** Canonical categories by a consent platform's codes. */
  readonly categories: Readonly<Record<string, string>>;
  /** allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known. */
  readonly defaultPolicy: string;
}

export const CONSENT_UPDATED_SCHEMA: AvroRecordSchema<ConsentUpdated> = {
  "type": "record",
  "name": "ConsentUpdated",
  "namespace": "signal.config",
  "doc": "Event: how consent is read from now on.",
  "fields": [
    {
      "name": "categories",
      "type": {"type":"map","values":"string"},
      "doc": "Canonical categories by a consent platform's codes.",
    },
    {
      "name": "defaultPolicy",
      "type": "string",
      "doc": "allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known.",
    },
  ],
};
