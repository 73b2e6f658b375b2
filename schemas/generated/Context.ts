// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { Campaign } from './Campaign.ts';
import type { Consent } from './Consent.ts';
import type { Library } from './Library.ts';
import type { Page } from './Page.ts';
import type { Screen } from './Screen.ts';
import type { AvroRecordSchema, JsonText } from './avro.ts';

/** Where and how an event happened. Typed where Signal reads it; anything else a client sends is in `extra`. */
export interface Context {
  /** The visitor's address: what the client sent (server-side calls), else the request's. */
  readonly ip: null | string;
  readonly userAgent: null | string;
  readonly locale: null | string;
  readonly timezone: null | string;
  readonly page: null | Page;
  readonly campaign: null | Campaign;
  readonly screen: null | Screen;
  readonly library: null | Library;
  /** null: nothing is known of the consent. */
  readonly consent: null | Consent;
  /** Click ids by parameter: gclid, fbclid, ttclid, epik, sccid, li_fat_id, ... */
  readonly clickIds: Readonly<Record<string, string>>;
  /** Vendors' own browser ids by cookie name without its leading underscore: ga, fbp, fbc, ttp, pin_unauth, scid, gcl_aw. */
  readonly vendorIds: Readonly<Record<string, string>>;
  /** A JSON object of all other context a client sent. */
  readonly extra: JsonText;
}

export const CONTEXT_SCHEMA: AvroRecordSchema<Context> = {
  "type": "record",
  "name": "Context",
  "namespace": "signal",
  "doc": "Where and how an event happened. Typed where Signal reads it; anything else a client sends is in `extra`.",
  "fields": [
    {
      "name": "ip",
      "type": ["null","string"],
      "doc": "The visitor's address: what the client sent (server-side calls), else the request's.",
      "default": null,
    },
    {"name":"userAgent","type":["null","string"],"default":null},
    {"name":"locale","type":["null","string"],"default":null},
    {"name":"timezone","type":["null","string"],"default":null},
    {
      "name": "page",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Page",
          "namespace": "signal",
          "doc": "The page an event happened on.",
          "fields": [
            {"name":"url","type":["null","string"],"default":null},
            {"name":"path","type":["null","string"],"default":null},
            {"name":"referrer","type":["null","string"],"default":null},
            {"name":"title","type":["null","string"],"default":null},
            {"name":"search","type":["null","string"],"default":null},
          ],
        },
      ],
      "default": null,
    },
    {
      "name": "campaign",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Campaign",
          "namespace": "signal",
          "doc": "UTM parameters of the landing URL.",
          "fields": [
            {"name":"source","type":["null","string"],"default":null},
            {"name":"medium","type":["null","string"],"default":null},
            {"name":"name","type":["null","string"],"default":null},
            {"name":"term","type":["null","string"],"default":null},
            {"name":"content","type":["null","string"],"default":null},
          ],
        },
      ],
      "default": null,
    },
    {
      "name": "screen",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Screen",
          "namespace": "signal",
          "doc": "Screen size in CSS pixels.",
          "fields": [
            {"name":"width","type":["null","double"],"default":null},
            {"name":"height","type":["null","double"],"default":null},
            {
              "name": "density",
              "type": ["null","double"],
              "doc": "Device pixels per CSS pixel.",
              "default": null,
            },
          ],
        },
      ],
      "default": null,
    },
    {
      "name": "library",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Library",
          "namespace": "signal",
          "doc": "What produced the event.",
          "fields": [
            {"name":"name","type":["null","string"],"default":null},
            {"name":"version","type":["null","string"],"default":null},
          ],
        },
      ],
      "default": null,
    },
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
      "doc": "null: nothing is known of the consent.",
      "default": null,
    },
    {
      "name": "clickIds",
      "type": {"type":"map","values":"string"},
      "doc": "Click ids by parameter: gclid, fbclid, ttclid, epik, sccid, li_fat_id, ...",
      "default": {},
    },
    {
      "name": "vendorIds",
      "type": {"type":"map","values":"string"},
      "doc": "Vendors' own browser ids by cookie name without its leading underscore: ga, fbp, fbc, ttp, pin_unauth, scid, gcl_aw.",
      "default": {},
    },
    {
      "name": "extra",
      "type": {"type":"string","logicalType":"json"},
      "doc": "A JSON object of all other context a client sent.",
      "default": "{}",
    },
  ],
};
