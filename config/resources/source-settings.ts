/**
 * How a source collects. Everything is off until somebody switches it on; what is here is validated when it is decided
 * (`source-settings/`), so whoever reads it may rely on it.
 */
export interface SourceSettings {
  /** Origins (`https://shop.example`, or `https://*.shop.example`) whose pages may send; empty: the gateway's CORS
   * setting. */
  readonly allowedOrigins: readonly string[];
  /** The last part of the visitor's address is dropped at the door: IPv4 /24, IPv6 /48. */
  readonly truncateIp: boolean;
  /** Server calls must be signed (HMAC): a bare pipeline key is refused on every server endpoint. */
  readonly requireSignature: boolean;
  /** Cookies to make where the browser has none. */
  readonly vendorCookies: readonly VendorCookie[];
  /** Of a source of type `webhook`, and of no other. */
  readonly webhook: WebhookSettings | null;
  /** How its datafly.js is built. */
  readonly collector: CollectorSettings;
}

export const VENDOR_COOKIES = ['_ga', '_fbp', '_fbc', '_ttp', '_pin_unauth', '_scid', '_gcl_aw'] as const;
export type VendorCookie = (typeof VENDOR_COOKIES)[number];

export const WEBHOOK_PROVIDERS = ['stripe', 'shopify', 'hubspot', 'custom'] as const;
export type WebhookProvider = (typeof WEBHOOK_PROVIDERS)[number];

/** How another company's calls become events. */
export interface WebhookSettings {
  readonly provider: WebhookProvider;
  /** `custom` only: the header with the body's HMAC-SHA256; null: its calls are not signed. */
  readonly signatureHeader: string | null;
  /** JSONPath; null: the provider's usual place. */
  readonly eventTypePath: string | null;
  /** Canonical path (`event`, `userId`, `properties.total`) → JSONPath in the body. */
  readonly mappings: Readonly<Record<string, string>>;
}

export const COLLECTOR_MODULES = [
  'outbound_links',
  'downloads',
  'forms',
  'scroll',
  'clicks',
  'web_vitals',
  'errors',
  'video',
  'tags',
  'cross_domain',
] as const;
export type CollectorModule = (typeof COLLECTOR_MODULES)[number];

export interface CollectorSettings {
  /** `shop`: the script is at `/shop.js`; null: at `/d.js?k=<key>` only. */
  readonly scriptFilename: string | null;
  /** Events in one request at most. */
  readonly batchSize: number;
  /** Milliseconds that an event waits for others. */
  readonly flushInterval: number;
  readonly modules: readonly CollectorModule[];
  /** null: consent is what the page says by `setConsent`. */
  readonly consent: ConsentReader | null;
  /** Hostnames whose links carry the visitor along. */
  readonly linkedDomains: readonly string[];
}

export const CONSENT_PLATFORMS = [
  'onetrust',
  'cookiebot',
  'didomi',
  'osano',
  'tcf',
  'google',
  'custom',
] as const;
export type ConsentPlatform = (typeof CONSENT_PLATFORMS)[number];

/** Where the page keeps the visitor's consent. */
export interface ConsentReader {
  readonly platform: ConsentPlatform;
  /** Nothing is sent before the visitor has chosen. */
  readonly queueUntilKnown: boolean;
  /** Of the platform `custom`, and of no other. */
  readonly custom: CustomConsent | null;
}

export const CONSENT_STORES = ['cookie', 'local_storage'] as const;
export type ConsentStore = (typeof CONSENT_STORES)[number];

export const CONSENT_FORMATS = ['json', 'comma', 'url', 'semicolon'] as const;
export type ConsentFormat = (typeof CONSENT_FORMATS)[number];

export interface CustomConsent {
  readonly store: ConsentStore;
  /** Of the cookie, or the key in localStorage. */
  readonly name: string;
  readonly format: ConsentFormat;
  /** By category: the field that says it, and the value that grants it. */
  readonly rules: Readonly<Record<string, ConsentRule>>;
}

export interface ConsentRule {
  readonly field: string;
  readonly granted: string;
}

export const DEFAULT_SOURCE_SETTINGS: SourceSettings = {
  allowedOrigins: [],
  truncateIp: false,
  requireSignature: false,
  vendorCookies: [],
  webhook: null,
  collector: {
    scriptFilename: null,
    batchSize: 10,
    flushInterval: 1000,
    modules: [],
    consent: null,
    linkedDomains: [],
  },
};
