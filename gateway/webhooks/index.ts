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

/** One event for each payload: HubSpot sends many in a list. What is no object is left for the normaliser to refuse. */
export function eventsOf(
  json: unknown,
  body: Buffer,
  headers: IncomingHttpHeaders,
  settings: WebhookSettings,
): readonly unknown[] {
  const provider = PROVIDERS[settings.provider];
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 32);
  if (isObject(json)) return [eventOf({ json, headers, bodyDigest: digest }, provider, settings)];
  if (!Array.isArray(json)) return [json];
  return json.map((item: unknown, index) =>
    isObject(item)
      ? eventOf({ json: item, headers, bodyDigest: `${digest}-${index}` }, provider, settings)
      : item,
  );
}
