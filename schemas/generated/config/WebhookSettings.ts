// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

/** How another company's calls become events. */
export interface WebhookSettings {
  /** stripe, shopify, hubspot or custom */
  readonly provider: string;
  /** Of custom: the header with the body's HMAC-SHA256; null: the calls are not signed. */
  readonly signatureHeader: null | string;
  /** JSONPath; null: the provider's usual place. */
  readonly eventTypePath: null | string;
  /** Canonical path (event, userId, properties.total) to JSONPath. */
  readonly mappings: Readonly<Record<string, string>>;
}

export const WEBHOOK_SETTINGS_SCHEMA: AvroRecordSchema<WebhookSettings> = {
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
};
