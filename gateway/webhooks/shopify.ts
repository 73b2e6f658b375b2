import type { Refusal } from '../errors.ts';
import { headerOf, isSignedBy, missing, wrong } from './digests.ts';
import { amount, at, firstText, present, text } from './payload.ts';
import type { Payload, Proof, Provider, ProviderEvent, WebhookCall } from './provider.ts';

const HEADER = 'X-Shopify-Hmac-Sha256';

/** https://shopify.dev/docs/apps/build/webhooks/verify-deliveries */
export const shopify: Provider = {
  verify,
  read,
  names: {
    'orders/create': 'Order Completed',
    'orders/cancelled': 'Order Cancelled',
    'refunds/create': 'Order Refunded',
    'checkouts/create': 'Checkout Started',
    'customers/create': 'Signed Up',
  },
};

function verify({ headers, body }: WebhookCall, { secrets }: Proof): Refusal | undefined {
  const header = headerOf(headers['x-shopify-hmac-sha256']);
  if (header === undefined) return missing(HEADER);
  return isSignedBy(secrets, [Buffer.from(header, 'base64')], body) ? undefined : wrong(HEADER);
}

function read({ json, headers, bodyDigest }: Payload): ProviderEvent {
  const topic = headerOf(headers['x-shopify-topic']) ?? null;
  const isCustomer = topic?.startsWith('customers/') ?? false;
  const id = text(at(json, 'id'));
  // Of the delivery, which a retry keeps; that of the event is shared by all topics it has.
  const delivery = headerOf(headers['x-shopify-webhook-id']);
  return {
    type: topic,
    messageId: `shopify_${delivery ?? bodyDigest}`,
    timestamp:
      headerOf(headers['x-shopify-triggered-at']) ?? at(json, 'updated_at') ?? at(json, 'created_at'),
    userId: isCustomer ? id : text(at(json, 'customer', 'id')),
    anonymousId: `shopify_${id ?? bodyDigest}`,
    traits: present({
      email: firstText([at(json, 'email'), at(json, 'contact_email'), at(json, 'customer', 'email')]),
      phone: firstText([at(json, 'phone'), at(json, 'customer', 'phone')]),
    }),
    properties: present({
      order_id: isCustomer ? null : id,
      value: amount(at(json, 'total_price')),
      tax: amount(at(json, 'total_tax')),
      currency: text(at(json, 'currency')),
      products: productsOf(at(json, 'line_items')),
      shop: headerOf(headers['x-shopify-shop-domain']),
    }),
  };
}

function productsOf(items: unknown): readonly object[] | null {
  if (!Array.isArray(items) || items.length === 0) return null;
  return items.map((item) =>
    present({
      product_id: text(at(item, 'product_id')),
      sku: text(at(item, 'sku')),
      name: text(at(item, 'title')),
      price: amount(at(item, 'price')),
      quantity: amount(at(item, 'quantity')),
    }),
  );
}
