// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';
import type { CollectorSettings } from '../CollectorSettings.ts';
import type { WebhookSettings } from '../WebhookSettings.ts';

/** Event: how the source is from now on. */
export interface SourceUpdated {
  readonly sourceId: string;
  readonly name: string;
  /** Requests a second; null: the gateway's own setting. */
  readonly rateLimitRps: null | number;
  /** null, here and below: as before, in events that were written before there were such settings. */
  readonly allowedOrigins: null | readonly string[];
  readonly truncateIp: null | boolean;
  readonly requireSignature: null | boolean;
  readonly vendorCookies: null | readonly string[];
  /** null also of a source that has none. */
  readonly webhook: null | WebhookSettings;
  readonly collector: null | CollectorSettings;
}

export const SOURCE_UPDATED_SCHEMA: AvroRecordSchema<SourceUpdated> = {
  "type": "record",
  "name": "SourceUpdated",
  "namespace": "signal.config",
  "doc": "Event: how the source is from now on.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"name","type":"string"},
    {
      "name": "rateLimitRps",
      "type": ["null","int"],
      "doc": "Requests a second; null: the gateway's own setting.",
      "default": null,
    },
    {
      "name": "allowedOrigins",
      "type": ["null",{"type":"array","items":"string"}],
      "doc": "null, here and below: as before, in events that were written before there were such settings.",
      "default": null,
    },
    {"name":"truncateIp","type":["null","boolean"],"default":null},
    {"name":"requireSignature","type":["null","boolean"],"default":null},
    {"name":"vendorCookies","type":["null",{"type":"array","items":"string"}],"default":null},
    {
      "name": "webhook",
      "type": [
        "null",
        {
          "type": "record",
          "name": "WebhookSettings",
          "namespace": "signal.config",
          "doc": "How another company's calls become events.",
          "fields": [
            {"name":"provider","type":"string","doc":"stripe, shopify, hubspot or custom"},
            {
              "name": "signatureHeader",
              "type": ["null","string"],
              "doc": "Of custom: the header with the body's HMAC-SHA256; null: the calls are not signed.",
              "default": null,
            },
            {
              "name": "eventTypePath",
              "type": ["null","string"],
              "doc": "JSONPath; null: the provider's usual place.",
              "default": null,
            },
            {
              "name": "mappings",
              "type": {"type":"map","values":"string"},
              "doc": "Canonical path (event, userId, properties.total) to JSONPath.",
              "default": {},
            },
          ],
        },
      ],
      "doc": "null also of a source that has none.",
      "default": null,
    },
    {
      "name": "collector",
      "type": [
        "null",
        {
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
        },
      ],
      "default": null,
    },
  ],
};
