// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';
import type { CollectorSettings } from '../CollectorSettings.ts';
import type { WebhookSettings } from '../WebhookSettings.ts';

export const SOURCE_TYPE_SYMBOLS = ['web', 'app', 'server', 'webhook'] as const;

export type SourceType = (typeof SOURCE_TYPE_SYMBOLS)[number];

/** Event. */
export interface SourceCreated {
  readonly sourceId: string;
  readonly name: string;
  readonly type: SourceType;
  readonly pipelineKey: string;
  /** Whose pages may send; none: as the gateway is set. */
  readonly allowedOrigins: readonly string[];
  /** The last part of the visitor's address is dropped at the door. */
  readonly truncateIp: boolean;
  /** Server calls must be signed. */
  readonly requireSignature: boolean;
  /** Cookies to make where the browser has none. */
  readonly vendorCookies: readonly string[];
  /** Of a source of type webhook, and of no other. */
  readonly webhook: null | WebhookSettings;
  /** How its datafly.js is built. */
  readonly collector: CollectorSettings;
}

export const SOURCE_CREATED_SCHEMA: AvroRecordSchema<SourceCreated> = {
  "type": "record",
  "name": "SourceCreated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"name","type":"string"},
    {
      "name": "type",
      "type": {
        "type": "enum",
        "name": "SourceType",
        "symbols": ["web","app","server","webhook"],
        "default": "web",
        "namespace": "signal.config",
      },
    },
    {"name":"pipelineKey","type":"string"},
    {
      "name": "allowedOrigins",
      "type": {"type":"array","items":"string"},
      "doc": "Whose pages may send; none: as the gateway is set.",
      "default": [],
    },
    {
      "name": "truncateIp",
      "type": "boolean",
      "doc": "The last part of the visitor's address is dropped at the door.",
      "default": false,
    },
    {
      "name": "requireSignature",
      "type": "boolean",
      "doc": "Server calls must be signed.",
      "default": false,
    },
    {
      "name": "vendorCookies",
      "type": {"type":"array","items":"string"},
      "doc": "Cookies to make where the browser has none.",
      "default": [],
    },
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
      "doc": "Of a source of type webhook, and of no other.",
      "default": null,
    },
    {
      "name": "collector",
      "type": {
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
      "doc": "How its datafly.js is built.",
      "default": {
        "scriptFilename": null,
        "batchSize": 10,
        "flushInterval": 1000,
        "modules": [],
        "consent": null,
        "linkedDomains": [],
      },
    },
  ],
};
