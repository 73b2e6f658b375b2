// Calls as the providers make them: signed by their own libraries.
import '@shopify/shopify-api/adapters/node';
import { createHmac } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { createSHA256HMAC } from '@shopify/shopify-api/runtime';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WebhookSettings } from '../sources.ts';
import {
  type Answer,
  directoryOf,
  post,
  sourceOf,
  startGateway,
  type TestGateway,
  WEB,
} from '../testing/harness.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const MINUTE = 60_000;
const SECRET = 'whsec_new';
const OLD_SECRET = 'whsec_old';

const webhook = (id: string, settings: Partial<WebhookSettings> & Pick<WebhookSettings, 'provider'>) => ({
  source: sourceOf({
    id,
    name: id,
    type: 'webhook',
    webhook: { signatureHeader: null, eventTypePath: null, mappings: {}, ...settings },
  }),
  keys: [],
  secrets: [SECRET, OLD_SECRET],
});

const stripeSdk = new Stripe('sk_test_unused');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    clock: { now: () => NOW },
    settings: { trustedProxies: ['127.0.0.1'] },
    config: {
      ...directoryOf([
        webhook('stripe', { provider: 'stripe' }),
        webhook('shopify', { provider: 'shopify' }),
        webhook('hubspot', { provider: 'hubspot' }),
        webhook('custom', {
          provider: 'custom',
          signatureHeader: 'X-Acme-Signature',
          eventTypePath: '$.kind',
          mappings: {
            userId: '$.user.id',
            messageId: '$.id',
            timestamp: '$.at',
            'traits.email': '$.user.email',
            'properties.skus': '$.items[*].sku',
            'properties.first.sku': '$.items[0].sku',
            'context.ip': '$.ip',
          },
        }),
        webhook('open', {
          provider: 'custom',
          mappings: { event: '$.what', userId: "$.ids[?@.kind == 'crm'].id" },
        }),
        { ...webhook('no_secret', { provider: 'stripe' }), secrets: [] },
        { ...webhook('unread', { provider: 'stripe' }), secrets: [] },
        { source: WEB, keys: [] },
      ]),
      lacksSecrets: (id) => id === 'unread',
    },
  });
});
afterAll(() => gateway.close());
let seen = 0;
afterEach(() => {
  seen = gateway.log.records.length;
});

const stored = () =>
  gateway
    .events()
    .slice(seen)
    .map(({ event }) => event);
const call = (source: string, body: string, headers: Record<string, string>): Promise<Answer> =>
  post(`${gateway.url}/v1/webhook?source=${source}`, body, headers);
const refusal = (code: string, status = 401) => ({ status, body: { error: { code } } });

const CHECKOUT = JSON.stringify({
  id: 'evt_1MqqbKLt4dXK03v5qaIbiNCC',
  object: 'event',
  type: 'checkout.session.completed',
  created: NOW / 1000 - 60,
  livemode: false,
  data: {
    object: {
      id: 'cs_test_a1',
      object: 'checkout.session',
      client_reference_id: 'u_1',
      customer: 'cus_9',
      customer_details: { email: 'jane@example.com' },
      amount_total: 3995,
      currency: 'eur',
      status: 'complete',
    },
  },
});

describe('a call of Stripe', () => {
  const sign = (payload: string, { secret = SECRET, time = NOW } = {}): string =>
    stripeSdk.webhooks.generateTestHeaderString({ payload, secret, timestamp: time / 1000 });
  const send = (signature: string, body = CHECKOUT) =>
    call('stripe', body, { 'stripe-signature': signature });

  it('is an event with Stripe’s id, time, customer and amount', async () => {
    expect(await send(sign(CHECKOUT))).toMatchObject({ status: 200, body: { success: true, accepted: 1 } });
    const [event] = stored();
    expect(event).toMatchObject({
      type: 'track',
      event: 'Order Completed',
      messageId: 'stripe_evt_1MqqbKLt4dXK03v5qaIbiNCC',
      userId: 'u_1',
      traits: '{"email":"jane@example.com"}',
      timestamp: NOW - MINUTE,
      context: { ip: null, userAgent: null },
    });
    expect(JSON.parse(event?.properties ?? '')).toEqual({
      event_type: 'checkout.session.completed',
      order_id: 'cs_test_a1',
      value: 39.95,
      currency: 'EUR',
      status: 'complete',
      livemode: false,
    });
  });

  it.each([
    ['jpy', 500],
    ['kwd', 0.5],
    ['usd', 5],
  ])('counts in the units of %s', async (currency, value) => {
    const object = { id: 'pi_1', amount: 500, currency };
    const body = JSON.stringify({ id: 'evt_2', type: 'payment_intent.succeeded', data: { object } });
    await send(sign(body), body);
    expect(JSON.parse(stored()[0]?.properties ?? '')).toMatchObject({ value });
    expect(stored()[0]).toMatchObject({ event: 'payment_intent.succeeded', anonymousId: 'stripe_pi_1' });
  });

  it('may be signed with either secret, or both, while one takes the place of the other', async () => {
    expect((await send(sign(CHECKOUT, { secret: OLD_SECRET }))).status).toBe(200);
    const other = sign(CHECKOUT, { secret: 'whsec_other' });
    const both = `${other},v1=${sign(CHECKOUT).split('v1=')[1]}`;
    expect((await send(both)).status).toBe(200);
  });

  it.each<[string, string, string]>([
    ['without a signature', '', 'SIGNATURE_MISSING'],
    ['with the signature of another secret', sign(CHECKOUT, { secret: 'whsec_other' }), 'SIGNATURE_INVALID'],
    ['with the signature of another body', sign('{}'), 'SIGNATURE_INVALID'],
    ['with the signature of another time', sign(CHECKOUT).replace(/t=\d+/, 't=1'), 'SIGNATURE_INVALID'],
    ['with a signature without a time', sign(CHECKOUT).replace(/t=\d+,/, ''), 'SIGNATURE_INVALID'],
    ['with an old scheme only', sign(CHECKOUT).replace('v1=', 'v0='), 'SIGNATURE_INVALID'],
    ['that is old', sign(CHECKOUT, { time: NOW - 5 * MINUTE - 1000 }), 'SIGNATURE_EXPIRED'],
    ['from the future', sign(CHECKOUT, { time: NOW + 5 * MINUTE + 1000 }), 'SIGNATURE_EXPIRED'],
    ['with nonsense', 't=t,v1=,,=', 'SIGNATURE_INVALID'],
  ])('%s is refused', async (_what, signature, code) => {
    expect(await send(signature)).toMatchObject(refusal(code));
    expect(stored()).toEqual([]);
  });

  it('is refused while the source has no secret', async () => {
    const headers = { 'stripe-signature': sign(CHECKOUT, { secret: '' }) };
    expect(await call('no_secret', CHECKOUT, headers)).toMatchObject(refusal('SIGNATURE_INVALID'));
  });

  it('is to be sent again while a secret of the source cannot be read', async () => {
    const answer = await call('unread', CHECKOUT, { 'stripe-signature': sign(CHECKOUT) });
    expect(answer).toMatchObject(refusal('SIGNATURE_UNVERIFIABLE', 503));
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(stored()).toEqual([]);
  });
});

describe('a call of Shopify', () => {
  const ORDER = JSON.stringify({
    id: 5678901234567,
    email: 'jane@example.com',
    created_at: '2026-01-31T06:59:00-05:00',
    total_price: '39.95',
    total_tax: '6.38',
    currency: 'EUR',
    customer: { id: 6543210987654, phone: '+4512345678' },
    line_items: [{ product_id: 632910392, sku: 'TEA', title: 'Tea', price: '19.90', quantity: 2 }],
  });
  const send = async (body: string, more: Record<string, string> = {}) =>
    call('shopify', body, {
      'x-shopify-hmac-sha256': await createSHA256HMAC(SECRET, body),
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'x-shopify-triggered-at': '2026-01-31T11:59:30.123456789Z',
      'x-shopify-shop-domain': 'tea.myshopify.com',
      ...more,
    });

  it('is an event with Shopify’s delivery, time, customer and order', async () => {
    expect((await send(ORDER)).status).toBe(200);
    const [event] = stored();
    expect(event).toMatchObject({
      event: 'Order Completed',
      messageId: 'shopify_b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      userId: '6543210987654',
      traits: '{"email":"jane@example.com","phone":"+4512345678"}',
      timestamp: NOW - 30_000 + 123,
    });
    expect(JSON.parse(event?.properties ?? '')).toEqual({
      event_type: 'orders/create',
      order_id: '5678901234567',
      value: 39.95,
      tax: 6.38,
      currency: 'EUR',
      products: [{ product_id: '632910392', sku: 'TEA', name: 'Tea', price: 19.9, quantity: 2 }],
      shop: 'tea.myshopify.com',
    });
  });

  it('is refused when it is not signed with the source’s secret', async () => {
    const other = { 'x-shopify-hmac-sha256': await createSHA256HMAC('other', ORDER) };
    expect(await send(ORDER, other)).toMatchObject(refusal('SIGNATURE_INVALID'));
    expect(await send(ORDER, { 'x-shopify-hmac-sha256': '' })).toMatchObject(refusal('SIGNATURE_MISSING'));
  });

  it('about a customer whose number JSON cannot carry exactly is about nobody rather than somebody else', async () => {
    await send(ORDER.replace('6543210987654', '115310627314723954'));
    expect(stored()).toMatchObject([{ userId: null, anonymousId: 'shopify_5678901234567' }]);
  });

  it('about a customer is about that user', async () => {
    await send(JSON.stringify({ id: 7, email: 'jane@example.com' }), {
      'x-shopify-topic': 'customers/create',
    });
    expect(stored()).toMatchObject([{ event: 'Signed Up', userId: '7' }]);
  });
});

describe('a call of HubSpot', () => {
  const change = (eventId: number, more: object = {}) => ({
    eventId,
    subscriptionId: 138,
    portalId: 62515,
    occurredAt: NOW - MINUTE,
    subscriptionType: 'contact.propertyChange',
    attemptNumber: 0,
    objectId: 123,
    propertyName: 'email',
    propertyValue: 'jane@example.com',
    changeSource: 'CRM',
    ...more,
  });
  function send(
    changes: unknown,
    { time = NOW, url = `${gateway.url}/v1/webhook?source=hubspot`, headers = {} } = {},
  ) {
    const body = JSON.stringify(changes);
    const signature = Signature.getSignature('POST', 'v3', {
      signature: '',
      clientSecret: SECRET,
      requestBody: body,
      url,
      timestamp: time,
    });
    return call('hubspot', body, {
      'x-hubspot-signature-v3': signature,
      'x-hubspot-request-timestamp': String(time),
      ...headers,
    });
  }

  it('is as many events as it tells of', async () => {
    const answer = await send([
      change(1),
      change(2, { subscriptionType: 'deal.creation', objectId: 9, propertyName: undefined }),
    ]);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 2 } });
    const [contact, deal] = stored();
    expect(contact).toMatchObject({
      event: 'contact.propertyChange',
      userId: '123',
      traits: '{"email":"jane@example.com"}',
      timestamp: NOW - MINUTE,
    });
    expect(deal).toMatchObject({
      event: 'deal.creation',
      userId: null,
      anonymousId: 'hubspot_9',
      traits: '{}',
    });
    expect(contact?.messageId).not.toBe(deal?.messageId);
  });

  it('has the same messageIds when it is sent again', async () => {
    await send([change(1)]);
    await send([change(1, { attemptNumber: 1 })]);
    const [first, again] = stored();
    expect(again?.messageId).toBe(first?.messageId);
  });

  it('is checked against the address that HubSpot called, as the trusted proxy saw it', async () => {
    const url = 'https://events.shop.example/v1/webhook?source=hubspot';
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'events.shop.example' };
    expect((await send([change(1)], { url, headers })).status).toBe(200);
    expect(await send([change(1)], { url })).toMatchObject(refusal('SIGNATURE_INVALID'));
  });

  it('is checked with the characters decoded that HubSpot signs decoded', async () => {
    const query = (text: string) => `/v1/webhook?source=hubspot&at=${text}`;
    const body = JSON.stringify([change(1)]);
    const signing = { signature: '', clientSecret: SECRET, requestBody: body, timestamp: NOW };
    const signature = Signature.getSignature('POST', 'v3', {
      ...signing,
      url: gateway.url + query('a:b%20c'),
    });
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(NOW) };
    expect((await post(gateway.url + query('a%3Ab%20c'), body, headers)).status).toBe(200);
  });

  it('is refused when it is old', async () => {
    expect(await send([change(1)], { time: NOW - 6 * MINUTE })).toMatchObject(refusal('SIGNATURE_EXPIRED'));
  });

  it('that cannot be mapped in part is an error, with the good part stored', async () => {
    const answer = await send([change(1), change(2, { subscriptionType: null }), 5]);
    expect(answer).toMatchObject({
      ...refusal('WEBHOOK_NOT_MAPPED', 422),
      body: { error: { details: { accepted: 1, rejected: [{ index: 1 }, { index: 2 }] } } },
    });
    expect(stored()).toHaveLength(1);
  });

  it('that tells of too much at once is refused', async () => {
    const many = Array.from({ length: 501 }, (_, index) => change(index));
    expect(await send(many)).toMatchObject(refusal('BATCH_TOO_LARGE', 400));
  });

  it('that tells of nothing is refused', async () => {
    expect(await send([])).toMatchObject(refusal('INVALID_BODY', 400));
  });
});

describe('a call of anybody else', () => {
  const BODY = {
    kind: 'ticket.closed',
    id: 42,
    at: NOW / 1000 - 60,
    ip: '203.0.113.7',
    user: { id: 7, email: 'jane@example.com' },
    items: [{ sku: 'A' }, { sku: 'B' }],
  };
  const sign = (body: string, encoding: 'hex' | 'base64') =>
    createHmac('sha256', SECRET).update(body).digest(encoding);
  const send = (body: object, signature?: string) => {
    const text = JSON.stringify(body);
    return call('custom', text, { 'x-acme-signature': signature ?? sign(text, 'hex') });
  };

  it('is what its mappings say', async () => {
    expect((await send(BODY)).status).toBe(200);
    expect(stored()).toMatchObject([
      {
        event: 'ticket.closed',
        messageId: '42',
        userId: '7',
        timestamp: NOW - MINUTE,
        traits: '{"email":"jane@example.com"}',
        properties: '{"event_type":"ticket.closed","skus":["A","B"],"first":{"sku":"A"}}',
        context: { ip: '203.0.113.7' },
      },
    ]);
  });

  it.each<[string, 'hex' | 'base64', string]>([
    ['in hex', 'hex', ''],
    ['in base64', 'base64', ''],
    ['in hex under its name', 'hex', 'sha256='],
    ['in base64 under its name', 'base64', 'sha256='],
  ])('may be signed %s', async (_how, encoding, prefix) => {
    expect((await send(BODY, prefix + sign(JSON.stringify(BODY), encoding))).status).toBe(200);
  });

  it('has to be signed where a header is named, and need not where none is', async () => {
    expect(await send(BODY, '')).toMatchObject(refusal('SIGNATURE_MISSING'));
    expect(await send(BODY, sign('{}', 'hex'))).toMatchObject(refusal('SIGNATURE_INVALID'));
    const ids = [
      { kind: 'shop', id: 1 },
      { kind: 'crm', id: 2 },
    ];
    expect((await call('open', JSON.stringify({ what: 'Called', ids }), {})).status).toBe(200);
    expect(stored()).toMatchObject([{ event: 'Called', userId: '2' }]);
  });

  it('without what is mapped has its own messageId and the time of its arrival, and nobody else’s id', async () => {
    expect((await send({ ...BODY, id: undefined, at: undefined, user: {} })).status).toBe(200);
    expect(stored()).toMatchObject([
      { messageId: expect.stringMatching(/^webhook_/), timestamp: NOW, userId: null, traits: '{}' },
    ]);
  });

  it('has the same messageId when it is sent again, whoever makes it', async () => {
    const body = JSON.stringify({ what: 'Called', ids: [{ kind: 'crm', id: 2 }] });
    await call('open', body, {});
    await call('open', body, {});
    await call('open', `${body} `, {});
    const [first, again, other] = stored().map(({ messageId }) => messageId);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('may have a list as long as its body', async () => {
    const ids = Array.from({ length: 60_000 }, () => ({}));
    const body = JSON.stringify({ what: 'Called', ids: [...ids, { kind: 'crm', id: 2 }] });
    expect((await call('open', body, {})).status).toBe(200);
    expect(stored()).toMatchObject([{ userId: '2' }]);
  });

  it.each([
    ['no type', { ...BODY, kind: undefined }],
    ['a time that is none', { ...BODY, at: 'yesterday' }],
    ['an address that is none', { ...BODY, ip: 'here' }],
  ])('with %s is an error that its sender sees, so that it comes again', async (_what, body) => {
    expect(await send(body)).toMatchObject(refusal('WEBHOOK_NOT_MAPPED', 422));
    expect(stored()).toEqual([]);
  });

  it.each(['__proto__', 'constructor'])('cannot reach a prototype through %s', async (key) => {
    const body = `{"what":"x","ids":[{"kind":"crm","id":1}],"${key}":{"polluted":1}}`;
    expect((await call('open', body, {})).status).toBe(200);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

it.each(['nobody', 'src_web', '', '__proto__'])('there is no webhook %j', async (source) => {
  expect(await call(source, CHECKOUT, {})).toMatchObject(refusal('UNKNOWN_WEBHOOK', 404));
  expect((await post(`${gateway.url}/v1/webhook`, CHECKOUT)).status).toBe(404);
});

it('no answer or log line has a secret in it', async () => {
  const answer = await call('stripe', CHECKOUT, { 'stripe-signature': 't=1,v1=00' });
  expect(JSON.stringify(answer.body) + gateway.logged.join('')).not.toContain('whsec');
});
