// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** What the visitor agreed to when the event happened. */
export interface Consent {
  /** The consent platform's own category codes. */
  readonly categories: Readonly<Record<string, boolean>>;
  /** The same in the five canonical categories: essential, functional, analytics, marketing, personalization. */
  readonly canonical: Readonly<Record<string, boolean>>;
}

export const CONSENT_SCHEMA: AvroRecordSchema<Consent> = {
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
};
