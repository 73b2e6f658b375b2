import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../errors.ts';
import { isObject } from '../normalise/fields.ts';
import { readPixel } from '../routes/pixel-query.ts';
import type { WebhookSettings } from '../sources.ts';
import { eventsOf, PROVIDERS, payloadsIn } from './index.ts';

const key = fc.oneof(
  fc.constantFrom('id', 'type', 'data', 'object', 'customer', 'currency', 'amount', 'created', 'line_items'),
  fc.constantFrom(
    'email',
    'objectId',
    'occurredAt',
    'subscriptionType',
    '__proto__',
    'constructor',
    'toString',
  ),
);
const { tree: json } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 5 }).map(
      // As JSON.parse makes them, so that `__proto__` is a key like any other.
      (entries) =>
        JSON.parse(
          `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
        ),
    ),
  ),
}));

const settingsOf = (provider: WebhookSettings['provider']): WebhookSettings => ({
  provider,
  signatureHeader: null,
  eventTypePath: null,
  mappings: {
    userId: '$.data.object.id',
    timestamp: '$.created',
    'traits.email': '$.data.email',
    'properties.a.b': '$[*].id',
    'context.ip': '$.data.object',
  },
});

describe('whatever a provider or a pixel says', () => {
  it.each(['stripe', 'shopify', 'hubspot', 'custom'] as const)(
    '%s: becomes events or is refused',
    (provider) => {
      const property = fc.property(json, (payload) => {
        const body = Buffer.from(JSON.stringify(payload) ?? 'null');
        for (const event of eventsOf(
          payloadsIn(payload),
          body,
          { 'x-shopify-topic': 'orders/create' },
          settingsOf(provider),
        )) {
          if (isObject(event)) expect(event.messageId).toEqual(expect.stringMatching(/./));
          JSON.stringify(event);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      });
      fc.assert(property, { numRuns: 300 });
    },
  );

  it.each(['stripe', 'shopify', 'hubspot'] as const)(
    '%s: is believed under no made-up signature',
    (provider) => {
      const header = fc.oneof(fc.string(), fc.base64String());
      const property = fc.property(header, fc.uint8Array(), (value, bytes) => {
        const headers = {
          'stripe-signature': `t=1769860800,v1=${value}`,
          'x-shopify-hmac-sha256': value,
          'x-hubspot-signature-v3': value,
          'x-hubspot-request-timestamp': '1769860800000',
        };
        const call = { method: 'POST', uri: 'https://a.example/', headers, body: Buffer.from(bytes) };
        const proof = { secrets: ['secret'], now: 1_769_860_800_000, signatureHeader: null };
        expect(PROVIDERS[provider].verify(call, proof)).toBeDefined();
      });
      fc.assert(property, { numRuns: 200 });
    },
  );

  it('a pixel becomes an event or is refused', () => {
    const name = fc.oneof(
      fc.constantFrom('e', 'uid', 'aid', 'ts', 'mid', 'p.a', 'p.a.b', 'p.__proto__', 't.constructor.x', 'p.'),
      fc.string().map((text) => `p.${text}`),
    );
    const query = fc.dictionary(name, fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 2 })));
    const property = fc.property(query, (parameters) => {
      const event = readPixel(parameters, 'track', {});
      if (!isRefusal(event)) JSON.stringify(event);
      expect(Object.keys(Object.prototype)).toEqual([]);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
