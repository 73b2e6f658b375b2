import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../normalise/fields.ts';
import type { WebhookSettings } from '../sources.ts';
import { custom } from './custom.ts';
import { hubspot } from './hubspot.ts';
import { eventOf } from './mapping.ts';
import type { Provider } from './provider.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';

export type { Proof, WebhookCall } from './provider.ts';

export const PROVIDERS: Readonly<Record<WebhookSettings['provider'], Provider>> = {
  stripe,
  shopify,
  hubspot,
  custom,
};

/** HubSpot sends many in a list. */
export const payloadsIn = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : [json]);

/** One event for each payload. What is no object is left for the normaliser to refuse. */
export function eventsOf(
  payloads: readonly unknown[],
  body: Buffer,
  headers: IncomingHttpHeaders,
  settings: WebhookSettings,
): readonly unknown[] {
  const provider = PROVIDERS[settings.provider];
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 32);
  return payloads.map((json, index) =>
    isObject(json) ? eventOf({ json, headers, bodyDigest: `${digest}-${index}` }, provider, settings) : json,
  );
}
