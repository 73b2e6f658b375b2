import { type Refusal, refuse } from '../errors.ts';
import { expiryOf, headerOf, isSignedBy, missing, wrong } from './digests.ts';
import { amount, at, firstText, present, text } from './payload.ts';
import type { Payload, Proof, Provider, ProviderEvent, WebhookCall } from './provider.ts';

const HEADER = 'Stripe-Signature';

/** https://docs.stripe.com/webhooks/signature, https://docs.stripe.com/api/events/object */
export const stripe: Provider = {
  verify,
  read,
  names: {
    'checkout.session.completed': 'Order Completed',
    'charge.refunded': 'Order Refunded',
    'customer.subscription.created': 'Subscription Started',
    'customer.subscription.deleted': 'Subscription Cancelled',
  },
};

/** `t=<seconds>,v1=<hex>[,v1=<hex>…]`, with a `v1` for each secret while one takes the place of another. */
function verify({ headers, body }: WebhookCall, { secrets, now }: Proof): Refusal | undefined {
  const header = headerOf(headers['stripe-signature']);
  if (header === undefined) return missing(HEADER);
  const fields = header.split(',').map((field) => field.trim());
  const time = fields.find((field) => /^t=\d{1,12}$/.test(field))?.slice(2);
  if (time === undefined) return refuse('SIGNATURE_INVALID', `${HEADER} has no t=`);
  const given = fields
    .filter((field) => /^v1=[0-9a-f]{64}$/.test(field))
    // As many as Stripe could ever send; each costs a comparison.
    .slice(0, 10)
    .map((field) => Buffer.from(field.slice(3), 'hex'));
  if (!isSignedBy(secrets, given, `${time}.`, body)) return wrong(HEADER);
  return expiryOf(Number(time) * 1000, now);
}

function read({ json, bodyDigest }: Payload): ProviderEvent {
  const object = at(json, 'data', 'object');
  const objectId = text(at(object, 'id'));
  const currency = text(at(object, 'currency'));
  const cents =
    amount(at(object, 'amount_total')) ?? amount(at(object, 'amount_paid')) ?? amount(at(object, 'amount'));
  const isCustomer = at(object, 'object') === 'customer';
  return {
    type: text(at(json, 'type')),
    messageId: `stripe_${text(at(json, 'id')) ?? bodyDigest}`,
    timestamp: at(json, 'created'),
    userId: firstText([
      at(object, 'client_reference_id'),
      at(object, 'metadata', 'user_id'),
      at(object, 'customer'),
      isCustomer ? objectId : null,
    ]),
    anonymousId: `stripe_${objectId ?? bodyDigest}`,
    traits: present({
      email: firstText([
        at(object, 'customer_details', 'email'),
        at(object, 'customer_email'),
        at(object, 'receipt_email'),
        at(object, 'billing_details', 'email'),
        isCustomer ? at(object, 'email') : null,
      ]),
    }),
    properties: present({
      order_id: objectId,
      value: cents === null || currency === null ? null : inMajorUnits(cents, currency),
      currency: currency?.toUpperCase(),
      status: text(at(object, 'status')),
      livemode: at(json, 'livemode'),
    }),
  };
}

/** Stripe counts in the smallest unit, of which it has its own idea for some: https://docs.stripe.com/currencies */
const WHOLE = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THOUSANDTHS = new Set('bhd jod kwd omr tnd'.split(' '));

function inMajorUnits(smallest: number, currency: string): number {
  const code = currency.toLowerCase();
  if (WHOLE.has(code)) return smallest;
  return smallest / (THOUSANDTHS.has(code) ? 1000 : 100);
}
