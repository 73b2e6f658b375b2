import { describe, expect, it } from 'vitest';
import { type CollectorSettings, DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
import { sourceByScriptFilename } from '../state.ts';
import {
  type CommandOptions,
  change,
  createSource,
  given,
  rejectionOf,
  updateSource,
  when,
} from '../testing/given.ts';

const collector = (parts: Partial<CollectorSettings>) => ({
  collector: { ...DEFAULT_SOURCE_SETTINGS.collector, ...parts },
});
const CUSTOM = {
  store: 'cookie',
  name: 'consent',
  format: 'json',
  rules: { analytics: { field: 'stats', granted: 'yes' } },
} as const;
const reading = (platform: string, custom: object | null) => ({
  collector: {
    ...DEFAULT_SOURCE_SETTINGS.collector,
    consent: { platform, queueUntilKnown: false, custom: custom as typeof CUSTOM | null },
  },
});
const STRIPE = { provider: 'stripe', signatureHeader: null, eventTypePath: null, mappings: {} };
const hook = (parts: object) =>
  createSource('src_hook', { type: 'webhook', webhook: { ...STRIPE, ...parts } });

const shop = createSource('src_a', { name: 'Shop', ...collector({ scriptFilename: 'shop' }) });

describe('the origins of a source', () => {
  it.each([
    'https://shop.example',
    'http://localhost:3000',
    'https://*.shop.example',
    'https://*.shop.example:8443',
    'http://127.0.0.1:8080',
    'http://[::1]:3000',
    'https://xn--bcher-kva.example',
  ])('may be %s', (origin) => {
    expect(when(given().state, createSource('src_a', { allowedOrigins: [origin] }))).toHaveProperty('events');
  });

  it.each([
    '',
    '*',
    'null',
    'shop.example',
    'https://',
    'https://shop.example/',
    'https://shop.example/path',
    'https://Shop.example',
    'https://shop.example:443',
    'https://user@shop.example',
    'https://shop.example?x',
    'https://shop.example#x',
    'https://*',
    'https://*.example',
    'https://*.*.example.com',
    'https://a.*.example.com',
    'https://*.1.2.3.4',
    'https://bücher.example',
    'ftp://shop.example',
    'javascript:alert(1)',
    'https://shop.example\n',
    ` https://shop.example`,
    `https://${'a'.repeat(300)}.example`,
  ])('are not %j', (origin) => {
    expect(
      rejectionOf(given().state, createSource('src_a', { allowedOrigins: ['https://a.example', origin] })),
    ).toMatchObject({ code: 'INVALID_ORIGIN', field: 'allowedOrigins.1' });
  });

  it('are at most a hundred, each once', () => {
    const many = Array.from({ length: 101 }, (_, i) => `https://s${i}.example`);
    const fieldOf = (allowedOrigins: string[]) =>
      rejectionOf(given().state, createSource('src_a', { allowedOrigins })).field;
    expect(fieldOf(many)).toBe('allowedOrigins');
    expect(fieldOf([...many.slice(0, 5), 'https://s0.example'])).toBe('allowedOrigins.5');
  });
});

describe('a source’s script', () => {
  it('is found by its name until it has another, or none, or is gone', () => {
    const { state } = given(shop);
    expect(sourceByScriptFilename(state, 'shop')?.id).toBe('src_a');
    expect(sourceByScriptFilename(state, 'other')).toBeUndefined();
    const renamed = given(shop, updateSource('src_a', collector({ scriptFilename: 'store' }))).state;
    expect(sourceByScriptFilename(renamed, 'shop')).toBeUndefined();
    expect(sourceByScriptFilename(renamed, 'store')?.id).toBe('src_a');
    for (const end of [
      updateSource('src_a', collector({ scriptFilename: null })),
      change('src_a', { 'signal.config.DeleteSource': {} }),
    ]) {
      const { state: after } = given(shop, end);
      expect(sourceByScriptFilename(after, 'shop')).toBeUndefined();
      expect(when(after, createSource('src_b', collector({ scriptFilename: 'shop' })))).toHaveProperty(
        'events',
      );
    }
  });

  it('is of no second source', () => {
    const other = createSource('src_b', collector({ scriptFilename: 'shop' }));
    expect(rejectionOf(given(shop).state, other)).toMatchObject({
      code: 'SCRIPT_FILENAME_TAKEN',
      field: 'collector.scriptFilename',
      message: expect.stringContaining('src_a'),
    });
  });

  it.each(['', 'Shop', 'shop.js', '../shop', 'a b', 'd', 'datafly', 'ä', 'x'.repeat(41), '__proto__ '])(
    'is not called %j',
    (scriptFilename) => {
      expect(rejectionOf(given().state, createSource('src_a', collector({ scriptFilename })))).toMatchObject({
        code: 'INVALID_SCRIPT_FILENAME',
        field: 'collector.scriptFilename',
      });
    },
  );

  it.each([
    ['no events in a batch', collector({ batchSize: 0 }), 'INVALID_COLLECTOR', 'collector.batchSize'],
    ['too many events in a batch', collector({ batchSize: 501 }), 'INVALID_COLLECTOR', 'collector.batchSize'],
    [
      'a wait of minutes',
      collector({ flushInterval: 60_001 }),
      'INVALID_COLLECTOR',
      'collector.flushInterval',
    ],
    [
      'a wait of less than nothing',
      collector({ flushInterval: -1 }),
      'INVALID_COLLECTOR',
      'collector.flushInterval',
    ],
    [
      'a domain with a scheme',
      collector({ linkedDomains: ['a.example', 'https://b.example'] }),
      'INVALID_DOMAIN',
      'collector.linkedDomains.1',
    ],
    [
      'a domain with a path',
      collector({ linkedDomains: ['a.example/x'] }),
      'INVALID_DOMAIN',
      'collector.linkedDomains.0',
    ],
    [
      'a domain in capitals',
      collector({ linkedDomains: ['A.example'] }),
      'INVALID_DOMAIN',
      'collector.linkedDomains.0',
    ],
    [
      'a domain that is too long',
      collector({ linkedDomains: [`${'a.'.repeat(130)}b`] }),
      'INVALID_DOMAIN',
      'collector.linkedDomains.0',
    ],
    [
      'a domain twice',
      collector({ linkedDomains: ['a.example', 'a.example'] }),
      'INVALID_DOMAIN',
      'collector.linkedDomains.1',
    ],
    ['a platform there is not', reading('x', null), 'INVALID_COLLECTOR', 'collector.consent.platform'],
    [
      'rules for a platform that is known',
      reading('tcf', CUSTOM),
      'INVALID_COLLECTOR',
      'collector.consent.custom',
    ],
    [
      'a reader of one’s own without rules',
      reading('custom', null),
      'INVALID_COLLECTOR',
      'collector.consent.custom',
    ],
    [
      'no rules',
      reading('custom', { ...CUSTOM, rules: {} }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.rules',
    ],
    [
      'a store there is not',
      reading('custom', { ...CUSTOM, store: 'x' }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.store',
    ],
    [
      'a format there is not',
      reading('custom', { ...CUSTOM, format: 'x' }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.format',
    ],
    [
      'a cookie of two',
      reading('custom', { ...CUSTOM, name: 'a=b; c' }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.name',
    ],
    [
      'a category that is none',
      reading('custom', { ...CUSTOM, rules: { 'a b': CUSTOM.rules.analytics } }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.rules.a b',
    ],
    [
      'a category of objects’ own',
      reading('custom', { ...CUSTOM, rules: JSON.parse('{"__proto__":{"field":"a","granted":"b"}}') }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.rules.__proto__',
    ],
    [
      'a rule of no field',
      reading('custom', { ...CUSTOM, rules: { a: { field: '', granted: 'x' } } }),
      'INVALID_COLLECTOR',
      'collector.consent.custom.rules.a.field',
    ],
  ])('is not made with %s', (_, settings, code, field) => {
    expect(rejectionOf(given().state, createSource('src_a', settings))).toMatchObject({ code, field });
  });

  it('is not made with modules or cookies there are not', () => {
    const source = (parts: object) => rejectionOf(given().state, createSource('src_a', parts));
    const modules = ['scroll', 'x'];
    expect(source({ collector: { ...DEFAULT_SOURCE_SETTINGS.collector, modules } })).toMatchObject({
      code: 'INVALID_COLLECTOR',
      field: 'collector.modules.1',
    });
    expect(source({ vendorCookies: ['_ga', '_ga'] })).toMatchObject({
      code: 'UNKNOWN_COOKIE',
      field: 'vendorCookies.1',
    });
    expect(source({ vendorCookies: ['session'] })).toMatchObject({ code: 'UNKNOWN_COOKIE' });
  });
});

describe('a webhook source', () => {
  it('takes JSONPaths into fields and free-form parts of an event', () => {
    const mappings = {
      event: '$.type',
      userId: "$['data'].object['customer']",
      'properties.total': '$.data.object.lines[0].amount',
      'properties.skus': '$.data.object.lines[*].sku',
      'context.ip': '$.ip',
    };
    const { state } = given(hook({ mappings, eventTypePath: '$.type' }));
    expect(state.sources.get('src_hook')?.webhook).toEqual({ ...STRIPE, mappings, eventTypePath: '$.type' });
  });

  it.each([
    ['no provider', createSource('src_hook', { type: 'webhook' }), 'INVALID_WEBHOOK', 'webhook'],
    [
      'another type',
      createSource('src_hook', { type: 'server', webhook: STRIPE }),
      'INVALID_WEBHOOK',
      'webhook',
    ],
    ['a provider there is not', hook({ provider: 'x' }), 'INVALID_WEBHOOK', 'webhook.provider'],
    [
      'another header for Stripe',
      hook({ signatureHeader: 'X-S' }),
      'INVALID_WEBHOOK',
      'webhook.signatureHeader',
    ],
    [
      'a header that is none',
      hook({ provider: 'custom', signatureHeader: 'X S' }),
      'INVALID_WEBHOOK',
      'webhook.signatureHeader',
    ],
    ['a path that is none', hook({ eventTypePath: 'type' }), 'INVALID_JSON_PATH', 'webhook.eventTypePath'],
    [
      'a path that is too long',
      hook({ eventTypePath: `$.${'a'.repeat(200)}` }),
      'INVALID_JSON_PATH',
      'webhook.eventTypePath',
    ],
    [
      'a mapping’s path that is none',
      hook({ mappings: { userId: '$.[' } }),
      'INVALID_JSON_PATH',
      'webhook.mappings.userId',
    ],
    [
      'a mapping to the type',
      hook({ mappings: { type: '$.a' } }),
      'INVALID_MAPPING',
      'webhook.mappings.type',
    ],
    [
      'a mapping to all properties',
      hook({ mappings: { properties: '$.a' } }),
      'INVALID_MAPPING',
      'webhook.mappings.properties',
    ],
    [
      'a mapping to nowhere',
      hook({ mappings: { 'secrets.x': '$.a' } }),
      'INVALID_MAPPING',
      'webhook.mappings.secrets.x',
    ],
    [
      'a mapping into prototypes',
      hook({ mappings: { 'properties.__proto__.x': '$.a' } }),
      'INVALID_MAPPING',
      'webhook.mappings.properties.__proto__.x',
    ],
    [
      'a mapping too deep',
      hook({ mappings: { 'properties.a.b.c.d.e.f': '$.a' } }),
      'INVALID_MAPPING',
      'webhook.mappings.properties.a.b.c.d.e.f',
    ],
    [
      'one mapping within another',
      hook({ mappings: { 'properties.a': '$.a', 'properties.a.b': '$.b' } }),
      'INVALID_MAPPING',
      'webhook.mappings.properties.a.b',
    ],
    [
      'a hundred and one mappings',
      hook({
        mappings: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`properties.p${i}`, '$.a'])),
      }),
      'INVALID_WEBHOOK',
      'webhook.mappings',
    ],
  ])('is not made with %s', (_, options, code, field) => {
    expect(rejectionOf(given().state, options)).toMatchObject({ code, field });
  });

  it('stays one, whatever else changes', () => {
    const { state } = given(hook({}), updateSource('src_hook', { truncateIp: true }));
    expect(state.sources.get('src_hook')).toMatchObject({ webhook: STRIPE, truncateIp: true, version: 2 });
    expect(rejectionOf(given(shop).state, updateSource('src_a', { webhook: STRIPE })).code).toBe(
      'INVALID_WEBHOOK',
    );
  });
});

describe('changing how a source collects', () => {
  it('leaves what is not given', () => {
    const first = { allowedOrigins: ['https://a.example'], vendorCookies: ['_ga'] };
    const { state } = given(
      createSource('src_a', first),
      updateSource('src_a', { requireSignature: true }),
      updateSource('src_a', { vendorCookies: [] }),
    );
    expect(state.sources.get('src_a')).toMatchObject({ ...first, vendorCookies: [], requireSignature: true });
  });

  it('is no change where it is like that already', () => {
    const { state } = given(shop);
    expect(rejectionOf(state, updateSource('src_a', collector({ scriptFilename: 'shop' }))).code).toBe(
      'NOTHING_CHANGED',
    );
  });
});

describe('the signing secrets of a source', () => {
  const add = (n: number) =>
    change('src_a', {
      'signal.config.AddSigningSecret': { secret: `v1.sec_${n}.x`, fingerprint: `fp_${n}` },
    });
  const revoke = (n: number) =>
    change('src_a', { 'signal.config.RevokeSigningSecret': { fingerprint: `fp_${n}` } });
  const liveAfter = (...commands: readonly CommandOptions[]) =>
    given(shop, ...commands)
      .state.sources.get('src_a')
      ?.signingSecrets.map(({ fingerprint }) => fingerprint);

  it('are two at most, the newest first, until one is revoked', () => {
    expect(liveAfter(add(1), add(2))).toEqual(['fp_2', 'fp_1']);
    expect(rejectionOf(given(shop, add(1), add(2)).state, add(3))).toMatchObject({
      code: 'SECRET_ROTATION_UNFINISHED',
      message: expect.stringContaining('fp_1'),
    });
    expect(liveAfter(add(1), add(2), revoke(1), add(3))).toEqual(['fp_3', 'fp_2']);
    expect(liveAfter(add(1), revoke(1))).toEqual([]);
  });

  it('are not given twice, nor revoked when they are not there', () => {
    const { state } = given(shop, add(1));
    expect(rejectionOf(state, add(1)).code).toBe('NOTHING_CHANGED');
    expect(rejectionOf(state, revoke(2))).toMatchObject({
      code: 'UNKNOWN_SIGNING_SECRET',
      field: 'fingerprint',
    });
  });
});
