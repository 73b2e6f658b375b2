import { type Static, Type } from '@sinclair/typebox';
import {
  COLLECTOR_MODULES,
  CONSENT_FORMATS,
  CONSENT_PLATFORMS,
  CONSENT_STORES,
  type CollectorSettings,
  type ConsentReader,
  DEFAULT_SOURCE_SETTINGS,
  type SourceSettings,
  VENDOR_COOKIES,
  WEBHOOK_PROVIDERS,
  type WebhookSettings,
} from '../../config/index.ts';
import { Nullable, OneOf } from './shared.ts';

const closed = { additionalProperties: false } as const;
const Words = (maxLength: number, options = {}) => Type.Array(Type.String({ maxLength }), options);

/** Configuration decides what of it is right; this only bounds it. */
const MAX_TEXT = 500;

const Webhook = Type.Object(
  {
    provider: OneOf(WEBHOOK_PROVIDERS),
    signature_header: Type.Optional(
      Nullable(Type.String({ maxLength: MAX_TEXT }), {
        description: "Of custom: the header with the body's HMAC-SHA256; null: the calls are not signed",
      }),
    ),
    event_type_path: Type.Optional(
      Nullable(Type.String({ maxLength: MAX_TEXT }), {
        description: "JSONPath (RFC 9535) of the event's name; null: the provider's usual place",
      }),
    ),
    mappings: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: MAX_TEXT }), {
        description: 'JSONPath by canonical path: {"userId": "$.data.object.customer"}',
      }),
    ),
  },
  { ...closed, description: 'Of a source of type webhook, and of no other' },
);

const Consent = Type.Object(
  {
    platform: OneOf(CONSENT_PLATFORMS),
    queue_until_known: Type.Optional(
      Type.Boolean({ description: 'Nothing is sent before the visitor has chosen' }),
    ),
    custom: Type.Optional(
      Nullable(
        Type.Object(
          {
            store: OneOf(CONSENT_STORES),
            name: Type.String({ maxLength: MAX_TEXT }),
            format: OneOf(CONSENT_FORMATS),
            rules: Type.Record(
              Type.String(),
              Type.Object(
                {
                  field: Type.String({ maxLength: MAX_TEXT }),
                  granted: Type.String({ maxLength: MAX_TEXT }),
                },
                closed,
              ),
              { description: 'By category: the field that says it, and the value that grants it' },
            ),
          },
          closed,
        ),
        { description: 'Of the platform custom: where the consent is and how to read it' },
      ),
    ),
  },
  closed,
);

const Collector = Type.Object(
  {
    script_filename: Type.Optional(
      Nullable(Type.String({ maxLength: MAX_TEXT }), {
        description: 'shop: the script is at /shop.js; null: at /d.js?k=<pipeline key> only',
      }),
    ),
    batch_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    flush_interval: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000, description: 'Milliseconds' })),
    modules: Type.Optional(Type.Array(OneOf(COLLECTOR_MODULES), { maxItems: COLLECTOR_MODULES.length })),
    consent: Type.Optional(
      Nullable(Consent, { description: 'null: consent is what the page says by setConsent' }),
    ),
    linked_domains: Type.Optional(
      Words(253, { maxItems: 50, description: 'Hostnames whose links carry the visitor along' }),
    ),
  },
  {
    ...closed,
    description: "How the source's datafly.js is built. Taken as a whole: what is left out is off",
  },
);

/** Of a body that creates or changes a source. */
export const settingsFields = {
  allowed_origins: Type.Optional(
    Words(300, {
      maxItems: 100,
      description: 'https://shop.example or https://*.shop.example; empty: as the gateway is set',
    }),
  ),
  truncate_ip: Type.Optional(
    Type.Boolean({ description: "Drops the last part of visitors' addresses at the door" }),
  ),
  require_signature: Type.Optional(Type.Boolean({ description: 'Refuses server calls that are not signed' })),
  vendor_cookies: Type.Optional(
    Type.Array(OneOf(VENDOR_COOKIES), {
      maxItems: VENDOR_COOKIES.length,
      description: 'Cookies to make where the browser has none',
    }),
  ),
  webhook: Type.Optional(Webhook),
  collector: Type.Optional(Collector),
} as const;

const Given = Type.Object(settingsFields);
export type GivenSettings = Static<typeof Given>;

/** Those that are given. */
export function readSettings(given: GivenSettings): Partial<SourceSettings> {
  return {
    ...(given.allowed_origins === undefined ? {} : { allowedOrigins: given.allowed_origins }),
    ...(given.truncate_ip === undefined ? {} : { truncateIp: given.truncate_ip }),
    ...(given.require_signature === undefined ? {} : { requireSignature: given.require_signature }),
    ...(given.vendor_cookies === undefined ? {} : { vendorCookies: given.vendor_cookies }),
    ...(given.webhook === undefined ? {} : { webhook: readWebhook(given.webhook) }),
    ...(given.collector === undefined ? {} : { collector: readCollector(given.collector) }),
  };
}

const readWebhook = (given: Static<typeof Webhook>): WebhookSettings => ({
  provider: given.provider,
  signatureHeader: given.signature_header ?? null,
  eventTypePath: given.event_type_path ?? null,
  mappings: given.mappings ?? {},
});

function readCollector(given: Static<typeof Collector>): CollectorSettings {
  const { batchSize, flushInterval } = DEFAULT_SOURCE_SETTINGS.collector;
  return {
    scriptFilename: given.script_filename ?? null,
    batchSize: given.batch_size ?? batchSize,
    flushInterval: given.flush_interval ?? flushInterval,
    modules: given.modules ?? [],
    consent: given.consent === undefined || given.consent === null ? null : readConsent(given.consent),
    linkedDomains: given.linked_domains ?? [],
  };
}

const readConsent = (given: Static<typeof Consent>): ConsentReader => ({
  platform: given.platform,
  queueUntilKnown: given.queue_until_known ?? false,
  custom: given.custom ?? null,
});

/** Of a source as it is shown. */
export const settingsViewFields = {
  allowed_origins: Type.Array(Type.String()),
  truncate_ip: Type.Boolean(),
  require_signature: Type.Boolean(),
  vendor_cookies: Type.Array(Type.String()),
  webhook: Nullable(Type.Required(Webhook)),
  collector: Type.Required(
    Type.Composite([Collector, Type.Object({ consent: Nullable(Type.Required(Consent)) })]),
  ),
} as const;

const View = Type.Object(settingsViewFields);

export const showSettings = (settings: SourceSettings): Static<typeof View> => ({
  allowed_origins: [...settings.allowedOrigins],
  truncate_ip: settings.truncateIp,
  require_signature: settings.requireSignature,
  vendor_cookies: [...settings.vendorCookies],
  webhook: settings.webhook === null ? null : showWebhook(settings.webhook),
  collector: showCollector(settings.collector),
});

const showWebhook = (webhook: WebhookSettings) => ({
  provider: webhook.provider,
  signature_header: webhook.signatureHeader,
  event_type_path: webhook.eventTypePath,
  mappings: { ...webhook.mappings },
});

const showCollector = ({ consent, ...rest }: CollectorSettings) => ({
  script_filename: rest.scriptFilename,
  batch_size: rest.batchSize,
  flush_interval: rest.flushInterval,
  modules: [...rest.modules],
  consent:
    consent === null
      ? null
      : {
          platform: consent.platform,
          queue_until_known: consent.queueUntilKnown,
          custom: consent.custom === null ? null : { ...consent.custom, rules: { ...consent.custom.rules } },
        },
  linked_domains: [...rest.linkedDomains],
});
