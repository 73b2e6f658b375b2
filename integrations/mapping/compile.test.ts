import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json.ts';
import { type EventFixture, enrichedEvent } from '../testing/enriched-event.ts';
import { compileMapping, mappingProblems } from './compile.ts';
import { EventView } from './event-view.ts';
import type { FieldMapping, Mapping } from './mapping.ts';

const passing = (...mappings: FieldMapping[]): Mapping => ({
  version: 2,
  global: { mappings },
  events: {},
  defaults: { action: 'pass' },
});

function payloadOf(mapping: Mapping, fixture: EventFixture): JsonObject {
  const result = compileMapping(mapping)(new EventView(enrichedEvent(fixture)));
  if (result.kind !== 'mapped') throw new Error('filtered');
  return result.payload;
}

const fieldValue = (field: Omit<FieldMapping, 'target'>, fixture: EventFixture): JsonValue | undefined =>
  payloadOf(passing({ ...field, target: 'value' }), fixture).value;

const properties = (values: JsonObject): EventFixture => ({ event: { event: 'Test', properties: values } });

describe('a source path', () => {
  const fixture: EventFixture = {
    event: {
      event: 'Test',
      properties: { products: [{ price: 5 }, { price: 7 }], zero: 0, none: null, 'a.b': 1 },
      context: {
        consent: { canonical: { marketing: false }, categories: { C0004: true } },
        clickIds: { gclid: 'new' },
        extra: { device: { type: 'desktop' } },
      },
    },
    identity: {
      userId: 'user-1',
      groupId: 'acme',
      traits: { plan: 'pro' },
      groupTraits: { size: 3 },
      clickIds: { gclid: 'old', fbclid: 'f' },
      vendorIds: { ga: '1.2' },
    },
  };

  test.each<[string, JsonValue | undefined]>([
    ['type', 'track'],
    ['event', 'Test'],
    ['vendor_event', 'Test'],
    ['user_id', 'user-1'],
    ['group_id', 'acme'],
    ['timestamp', Date.parse('2026-06-06T11:11:14.000Z')],
    ['source_id', 'src_1'],
    ['properties.products.1.price', 7],
    ['properties.zero', 0],
    ['properties.none', undefined],
    ['properties.missing.deeper', undefined],
    ['properties.zero.deeper', undefined],
    ['traits.plan', 'pro'],
    ['group_traits.size', 3],
    ['vendor_ids.ga', '1.2'],
    ['click_ids.gclid', 'new'],
    ['click_ids.fbclid', 'f'],
    ['consent.canonical.marketing', false],
    ['context.consent.categories.C0004', true],
    ['context.device.type', 'desktop'],
    ['context.page.url', undefined],
  ])('reads %s', (source, expected) => {
    expect(fieldValue({ source }, fixture)).toEqual(expected);
  });

  test('reads the traits that an event brings over those known: the user’s, or of a group event the group’s', () => {
    const known = { traits: { plan: 'pro', seats: 5 }, groupTraits: { size: 3 } };
    const read = (type: 'track' | 'identify' | 'group') =>
      ['traits.plan', 'traits.seats', 'group_traits.plan', 'group_traits.size'].map((source) =>
        fieldValue({ source }, { event: { type, traits: { plan: 'free' } }, identity: known }),
      );
    expect(read('track')).toEqual(['free', 5, undefined, 3]);
    expect(read('identify')).toEqual(['free', 5, undefined, 3]);
    expect(read('group')).toEqual(['pro', 5, 'free', 3]);
  });

  test.each([
    'properties.__proto__',
    'properties.constructor.name',
    'traits.toString',
    'properties.products.length',
  ])('does not see what is inherited: %s', (source) => {
    expect(fieldValue({ source }, fixture)).toBeUndefined();
  });

  test.each([
    'colour',
    'properties.',
    '.type',
    '',
    'type.x',
    'context.page.colour',
    'context.ip.x',
    'constructor',
  ])('that does not exist is a problem: %j', (source) => {
    expect(mappingProblems(passing({ source, target: 'x' }))).toMatchObject([
      { path: 'global.mappings.0.source', code: 'UNKNOWN_SOURCE' },
    ]);
  });
});

describe('a field', () => {
  test('takes the first source that yields a value', () => {
    const source = ['properties.a', 'properties.b'];
    expect(fieldValue({ source }, properties({ a: null, b: 2 }))).toBe(2);
    expect(fieldValue({ source, transform: 'string' }, properties({ a: {}, b: 2 }))).toBe('2');
  });

  test.each<[string, Omit<FieldMapping, 'target'>, JsonValue | undefined, JsonValue | undefined]>([
    ['iso8601', { transform: 'date_format' }, 0, '1970-01-01T00:00:00.000Z'],
    ['epoch_seconds', { transform: 'date_format', format: 'epoch_seconds' }, 1999, 1],
    [
      'epoch_micros',
      { transform: 'date_format', format: 'epoch_micros' },
      '2026-01-01T00:00:00Z',
      1767225600000000,
    ],
    ['a date that is none', { transform: 'date_format' }, 'soon', undefined],
    ['a date beyond time', { transform: 'date_format' }, 1e300, undefined],
    ['a chain', { transform: ['trim', 'lowercase'] }, ' Jane@ACME.com ', 'jane@acme.com'],
    ['lowercase of a number', { transform: 'lowercase' }, 5, undefined],
    ['number of text', { transform: 'number' }, ' 12.5 ', 12.5],
    ['number of no number', { transform: 'number' }, 'twelve', undefined],
    ['number of nothing', { transform: 'number' }, ' ', undefined],
    ['boolean of text', { transform: 'boolean' }, 'true', true],
    ['boolean of anything else', { transform: 'boolean' }, 'yes', undefined],
    ['a mapped value', { value_map: { true: 'GRANTED', '*': 'DENIED' } }, true, 'GRANTED'],
    ['any other value', { value_map: { true: 'GRANTED', '*': 'DENIED' } }, 'x', 'DENIED'],
    ['no value', { value_map: { true: 'GRANTED', '*': 'DENIED' } }, null, 'DENIED'],
    ['an unmapped value without wildcard', { value_map: { a: 'b' } }, 'constructor', undefined],
    ['a default', { default: 'x' }, null, 'x'],
    ['no default where a value is', { default: 'x' }, 0, 0],
    ['a default after the value map', { value_map: { a: 'b' }, default: 'x' }, 'c', 'x'],
  ])('is transformed: %s', (_, field, value, expected) => {
    expect(fieldValue({ source: 'properties.v', ...field }, properties({ v: value ?? null }))).toEqual(
      expected,
    );
  });

  test('without a value is left out, and so is the object it would have been alone in', () => {
    expect(payloadOf(passing({ source: 'context.ip', target: 'context.device.ip' }), properties({}))).toEqual(
      {},
    );
  });

  test('passes whole objects unchanged', () => {
    const values = { deep: [{ null: null, text: 'é' }], empty: {} };
    expect(fieldValue({ source: 'properties' }, properties(values))).toEqual(values);
  });
});

describe('targets', () => {
  test.each(['', '.a', 'a.', 'a..b', '__proto__.polluted', 'a.constructor', 'a b'])(
    'that cannot be written are a problem: %j',
    (target) => {
      expect(mappingProblems(passing({ constant: 1, target }))).toMatchObject([
        { path: 'global.mappings.0.target', code: 'INVALID_TARGET' },
      ]);
    },
  );

  test('that are both a value and an object are a problem', () => {
    const leafFirst = passing({ constant: 1, target: 'a' }, { constant: 1, target: 'a.b' });
    const branchFirst = passing({ constant: 1, target: 'a.b' }, { constant: 1, target: 'a' });
    for (const mapping of [leafFirst, branchFirst]) {
      expect(mappingProblems(mapping)).toMatchObject([
        { path: 'global.mappings.1.target', code: 'TARGET_CONFLICT' },
      ]);
    }
  });
});

describe('a mapping', () => {
  const mapping: Mapping = {
    version: 2,
    global: {
      mappings: [
        { constant: 'track', target: 'type' },
        { source: 'vendor_event', target: 'name' },
      ],
    },
    events: {
      page: { vendor_event_name: 'PageView', mappings: [{ constant: 'page', target: 'type' }] },
      'Order Completed': { vendor_event_name: 'Purchase' },
      purchase: { vendor_event_name: 'Own' },
      Group: { vendor_event_name: 'NotAGroupCall' },
    },
    defaults: { action: 'drop' },
  };
  const run = compileMapping(mapping);
  const vendorEvent = (event: EventFixture['event']): string => {
    const result = run(new EventView(enrichedEvent({ event })));
    return result.kind === 'mapped' ? result.vendorEvent : result.reason;
  };

  test.each([
    ['Order Completed', 'Purchase'],
    ['order_completed', 'Purchase'],
    ['ORDER-COMPLETED', 'Purchase'],
    ['orderCompleted', 'Purchase'],
    ['purchase', 'Own'],
    ['Page Viewed', 'PageView'],
    ['group', 'NotAGroupCall'],
    ['Order Refunded', 'EVENT_NOT_MAPPED'],
    ['', 'EVENT_NOT_MAPPED'],
    ['__proto__', 'EVENT_NOT_MAPPED'],
  ])('finds the entry of the track event %j: %s', (event, expected) => {
    expect(vendorEvent({ event })).toBe(expected);
  });

  test('finds the entries of other types by type, not by name', () => {
    expect(vendorEvent({ type: 'page', name: 'Order Completed' })).toBe('PageView');
    expect(vendorEvent({ type: 'group' })).toBe('EVENT_NOT_MAPPED');
  });

  test('lets an event replace a global field, in the place the global one had', () => {
    const result = run(new EventView(enrichedEvent({ event: { type: 'page' } })));
    expect(JSON.stringify(result)).toBe(
      '{"kind":"mapped","vendorEvent":"PageView","payload":{"type":"page","name":"PageView"}}',
    );
  });

  test('that passes the rest sends it under its own name', () => {
    const pass = compileMapping(passing({ source: 'vendor_event', target: 'name' }));
    const names = (['page', 'identify'] as const).map((type) =>
      pass(new EventView(enrichedEvent({ event: { type } }))),
    );
    expect(names).toMatchObject([
      { vendorEvent: 'page', payload: { name: 'page' } },
      { vendorEvent: 'identify' },
    ]);
  });

  test('names every problem once, with its path', () => {
    const broken: Mapping = {
      version: 2,
      global: { mappings: [{ target: 'empty' }] },
      events: {
        A: { vendor_event_name: 'a', mappings: [{ source: 'nowhere', target: 'x' }] },
        B: { vendor_event_name: 'b' },
      },
      defaults: { action: 'drop' },
    };
    expect(mappingProblems(broken).map(({ path, code }) => [path, code])).toEqual([
      ['global.mappings.0', 'NO_VALUE'],
      ['events.A.mappings.0.source', 'UNKNOWN_SOURCE'],
    ]);
    expect(() => compileMapping(broken)).toThrow('global.mappings.0');
  });

  test('finds unknown transforms and formats, as untyped configuration may hold them', () => {
    const text =
      '[{"source":"type","target":"a","transform":"md5"},{"source":"type","target":"b","format":"stardate"}]';
    expect(mappingProblems(passing(...JSON.parse(text)))).toMatchObject([
      { path: 'global.mappings.0.transform', code: 'UNKNOWN_TRANSFORM' },
      { path: 'global.mappings.1.format', code: 'UNKNOWN_FORMAT' },
    ]);
  });

  test('parses an event’s JSON once for all integrations, and survives JSON that is none', () => {
    const view = new EventView(enrichedEvent(properties({ a: 1 })));
    expect(view.properties).toBe(view.properties);
    const enriched = enrichedEvent(properties({}));
    const broken = new EventView({ ...enriched, event: { ...enriched.event, properties: '[oops' } });
    expect(broken.properties).toEqual({});
  });
});
