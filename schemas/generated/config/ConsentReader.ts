// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

export interface ConsentRule {
  readonly field: string;
  /** The field's value that grants. */
  readonly granted: string;
}

export interface CustomConsent {
  /** cookie or local_storage */
  readonly store: string;
  /** Of the cookie, or the key in localStorage. */
  readonly name: string;
  /** json, comma, url or semicolon */
  readonly format: string;
  /** By category. */
  readonly rules: Readonly<Record<string, ConsentRule>>;
}

/** Where a page keeps the visitor's consent. */
export interface ConsentReader {
  /** onetrust, cookiebot, didomi, osano, tcf, google or custom */
  readonly platform: string;
  /** Nothing is sent before the visitor has chosen. */
  readonly queueUntilKnown: boolean;
  /** Of the platform custom. */
  readonly custom: null | CustomConsent;
}

export const CONSENT_READER_SCHEMA: AvroRecordSchema<ConsentReader> = {
  "type": "record",
  "name": "ConsentReader",
  "namespace": "signal.config",
  "doc": "Where a page keeps the visitor's consent.",
  "fields": [
    {
      "name": "platform",
      "type": "string",
      "doc": "onetrust, cookiebot, didomi, osano, tcf, google or custom",
    },
    {
      "name": "queueUntilKnown",
      "type": "boolean",
      "doc": "Nothing is sent before the visitor has chosen.",
      "default": false,
    },
    {
      "name": "custom",
      "type": [
        "null",
        {
          "type": "record",
          "name": "CustomConsent",
          "fields": [
            {"name":"store","type":"string","doc":"cookie or local_storage"},
            {"name":"name","type":"string","doc":"Of the cookie, or the key in localStorage."},
            {"name":"format","type":"string","doc":"json, comma, url or semicolon"},
            {
              "name": "rules",
              "type": {
                "type": "map",
                "values": {
                  "type": "record",
                  "name": "ConsentRule",
                  "fields": [
                    {"name":"field","type":"string"},
                    {"name":"granted","type":"string","doc":"The field's value that grants."},
                  ],
                  "namespace": "signal.config",
                },
              },
              "doc": "By category.",
              "default": {},
            },
          ],
          "namespace": "signal.config",
        },
      ],
      "doc": "Of the platform custom.",
      "default": null,
    },
  ],
};
