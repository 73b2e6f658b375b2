import type { ConsentCategory } from './consent.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Mapping } from './mapping/mapping.ts';

/**
 * A vendor: data, and two pure functions around one HTTP exchange. Everything else (batching, credentials, retries,
 * sockets) is done by the delivery room, the same for all.
 *
 * Rules for every definition are written down as tests in `definitions.test.ts`.
 */
export interface VendorDefinition {
  /** Stable, snake_case; stored in configuration and used in paths. */
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly category: VendorCategory;
  readonly status: 'ga' | 'beta' | 'alpha';
  readonly website: string;
  readonly settings: readonly SettingField[];
  /** Presets for an industry; the first one is proposed. */
  readonly variants: readonly [Variant, ...Variant[]];
  /** Proposed when the integration is installed. */
  readonly consentCategories: readonly ConsentCategory[];
  limits(settings: JsonObject): DeliveryLimits;
  /** Upper bound of the bytes one item adds to the request's body. */
  itemBytes(item: BatchItem): number;
  /** The same batch must give the same body, byte for byte: a retry is the same request again. */
  request(input: RequestInput): VendorRequest;
  /** What the vendor's answer means for each item of the batch. */
  classify(response: VendorResponse, batch: Batch): Verdict;
}

export type VendorCategory =
  | 'advertising'
  | 'analytics'
  | 'attribution'
  | 'cdp'
  | 'cloud_storage'
  | 'warehouse'
  | 'other';

/** A field of the form an operator fills in. What is given is checked against it where configuration is decided. */
export interface SettingField {
  /** snake_case. A `secret` never appears in configuration records: it is sealed apart, under this key. */
  readonly key: string;
  readonly label: string;
  readonly type: 'string' | 'url' | 'secret' | 'select' | 'boolean' | 'number' | 'json';
  readonly required: boolean;
  /** The field matters (and `required` counts) only when another setting has this value. */
  readonly when?: { readonly key: string; readonly equals: JsonValue };
  readonly default?: JsonValue;
  readonly placeholder?: string;
  readonly helpText?: string;
  /** Of a `select`. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** Of a `number`, inclusive; numbers are integers. */
  readonly min?: number;
  readonly max?: number;
  /** A further rule on a value of the right type: what is wrong with it, if anything. */
  check?(value: JsonValue): string | undefined;
}

export interface Variant {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly mapping: Mapping;
}

export interface DeliveryLimits {
  readonly maxItems: number;
  /** Of a request's body, inclusive: `envelopeBytes` + the sum of `itemBytes` stays at or below. */
  readonly maxBytes: number;
  readonly envelopeBytes: number;
  /** How long an event may wait for others to share its request. */
  readonly lingerMs: number;
  /** For one request, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Requests made for an event before it is given up; left out, the installation's default. */
  readonly maxAttempts?: number;
}

export interface Batch {
  /** UUID; the same on every attempt. */
  readonly id: string;
  /** Epoch milliseconds; the same on every attempt. */
  readonly createdAt: number;
  readonly items: readonly BatchItem[];
}

export interface BatchItem {
  readonly messageId: string;
  readonly deduplicationId: string;
  readonly vendorEvent: string;
  /** One JSON object, as mapped. */
  readonly payload: string;
}

export interface RequestInput {
  readonly batch: Batch;
  /** With the defaults filled in (`withDefaults`). */
  readonly settings: JsonObject;
  readonly secrets: Secrets;
  /** Epoch milliseconds of this attempt, for signatures; nothing in the body may depend on it. */
  readonly now: number;
}

/** Decrypted credentials by setting key. */
export type Secrets = Readonly<Record<string, string>>;

export interface VendorRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface VendorResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 64 KB, as text. */
  readonly body: string;
}

/** `all`: one outcome for the whole batch. `each`: one per item, in order. `split`: the batch as a whole was refused
 * and halves of it may not be; a single item so refused is given up for the same reason. */
export type Verdict =
  | { readonly kind: 'all'; readonly outcome: Outcome }
  | { readonly kind: 'each'; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'split'; readonly reason: string; readonly detail: string };

export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'dead'; readonly reason: string; readonly detail: string };
