// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';
import type { ConsentReader } from './ConsentReader.ts';

/** How a source's datafly.js is built. */
export interface CollectorSettings {
  /** shop: the script is at /shop.js; null: at /d.js only. */
  readonly scriptFilename: null | string;
  /** Events in one request at most. */
  readonly batchSize: number;
  /** Milliseconds that an event waits for others. */
  readonly flushInterval: number;
  /** outbound_links, downloads, forms, scroll, clicks, web_vitals, errors, video, tags, cross_domain */
  readonly modules: readonly string[];
  /** null: consent is what the page says by setConsent. */
  readonly consent: null | ConsentReader;
  /** Hostnames whose links carry the visitor along. */
  readonly linkedDomains: readonly string[];
}

export const COLLECTOR_SETTINGS_SCHEMA: AvroRecordSchema<CollectorSettings> = {
  "type": "record",
  "name": "CollectorSettings",
  "namespace": "signal.config",
  "doc": "How a source's datafly.js is built.",
  "fields": [
    {
      "name": "scriptFilename",
      "type": ["null","string"],
      "doc": "shop: the script is at /shop.js; null: at /d.js only.",
      "default": null,
    },
    {"name":"batchSize","type":"int","doc":"Events in one request at most.","default":10},
    {
      "name": "flushInterval",
      "type": "int",
      "doc": "Milliseconds that an event waits for others.",
      "default": 1000,
    },
    {
      "name": "modules",
      "type": {"type":"array","items":"string"},
      "doc": "outbound_links, downloads, forms, scroll, clicks, web_vitals, errors, video, tags, cross_domain",
      "default": [],
    },
    {
      "name": "consent",
      "type": [
        "null",
        {
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
                    {
                      "name": "name",
                      "type": "string",
                      "doc": "Of the cookie, or the key in localStorage.",
                    },
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
                            {
                              "name": "granted",
                              "type": "string",
                              "doc": "The field's value that grants.",
                            },
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
        },
      ],
      "doc": "null: consent is what the page says by setConsent.",
      "default": null,
    },
    {
      "name": "linkedDomains",
      "type": {"type":"array","items":"string"},
      "doc": "Hostnames whose links carry the visitor along.",
      "default": [],
    },
  ],
};
