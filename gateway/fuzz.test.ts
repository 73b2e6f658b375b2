import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVER_KEY, sendRaw, startGateway, type TestGateway, WEB_KEY } from './testing/harness.ts';

/** Mostly what the field wants, so that the faults of other fields are reached too. */
const field = (...good: unknown[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );

const event = fc.record(
  {
    type: field('track', 'page', 'identify', 'group', 'alias', 'screen'),
    event: field('x'),
    messageId: field('m'),
    anonymousId: field('a'),
    userId: field('u'),
    properties: field({ a: 1 }),
    traits: field({ b: 2 }),
    timestamp: field('2026-01-01T00:00:00Z'),
    sentAt: field('2026-01-01T00:00:00Z'),
    context: fc.oneof(
      field({}),
      fc.record(
        {
          ip: field('1.2.3.4'),
          page: field({ url: 'https://a.example/?gclid=1&utm_source=x' }),
          campaign: field({ source: 'x' }),
          screen: field({ width: 1 }),
          consent: field({ analytics: true }, { categories: { a: true }, canonical: { marketing: false } }),
          clickIds: field({ gclid: 'x' }),
          vendorIds: field({ _ga: 'x' }),
          os: field({}),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  { weight: 4, arbitrary: event.map((value) => JSON.stringify(value)) },
  { weight: 4, arbitrary: fc.array(event, { maxLength: 5 }).map((batch) => JSON.stringify({ batch })) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.uint8Array() },
);

const headers = fc.record(
  {
    authorization: fc.constantFrom(
      `Bearer ${SERVER_KEY}`,
      `Bearer ${WEB_KEY}`,
      `Bearer ${WEB_KEY}`,
      'Bearer',
      'Basic e30=',
    ),
    'content-type': fc.constantFrom('application/json', 'text/plain', 'application/json;charset=x'),
    origin: fc.constantFrom('https://a.example', 'null', '%%'),
    cookie: fc.constantFrom('_dfid=a', '_dfid=%', ';=;', '__proto__=a'),
  },
  { requiredKeys: ['authorization', 'content-type'] },
);

const path = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('/v1/batch', '/v1/t', '/v1/batch', '/v1/p', '/v1/i', '/v1/g') },
  { weight: 1, arbitrary: fc.webPath().map((text) => `/${text}`) },
);

describe('whatever is sent', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ settings: { rateLimitRps: 1_000_000 } });
  });
  afterAll(() => gateway.close());

  it('is accepted or refused, never a failure, and what is accepted can be read back', async () => {
    let accepted = 0;
    const property = fc.asyncProperty(path, headers, body, async (url, head, payload) => {
      const before = gateway.log.records.length;
      const response = await fetch(gateway.url + url, {
        method: 'POST',
        headers: head,
        body: new Uint8Array(Buffer.from(payload)),
      });
      const answer: unknown = await response.json();
      expect(response.status).toBeLessThan(500);
      expect(answer).toHaveProperty(response.status === 200 ? 'success' : 'error.code');
      expect(Object.keys(Object.prototype)).toEqual([]);
      for (const record of gateway.log.records.slice(before)) {
        const { event: stored } = gateway.serde.deserialize(record.value ?? Buffer.alloc(0));
        expect(stored.anonymousId).not.toBe('');
        expect(record.key?.toString()).toBe(stored.anonymousId);
        JSON.parse(stored.properties);
        JSON.parse(stored.traits);
        JSON.parse(stored.context.extra);
        accepted++;
      }
    });
    await fc.assert(property, { numRuns: 600 });
    expect(accepted).toBeGreaterThan(20);
    expect(gateway.logged).toEqual([]);
  });

  it('is survived when it is not even HTTP', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('POST /v1/t HTTP/1.1', 'Host: a', 'Content-Length: 3', ''),
    );
    const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
      const answer = await sendRaw(gateway.port, `${lines.join('\r\n')}\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    });
    await fc.assert(property, { numRuns: 200 });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });
});
