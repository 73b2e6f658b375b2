import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATALOG } from './catalog.ts';
import type { Batch, BatchItem, VendorDefinition } from './integration.ts';
import { compileMapping, EventView, type MappingResult, mappingProblems } from './mapping/index.ts';
import { withDefaults } from './settings.ts';
import { type EventFixture, enrichedEvent } from './testing/enriched-event.ts';

/** The rules every vendor's definition keeps, and its fixtures. */

interface Fixture {
  readonly description: string;
  readonly variant: string;
  readonly input: EventFixture;
  readonly expected: MappingResult;
}

function fixturesOf(vendor: string): readonly Fixture[] {
  const folder = new URL(`./${vendor}/fixtures/`, import.meta.url);
  return readdirSync(folder).map((file): Fixture => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
}

/** A value for each field that is always required. */
function required(definition: VendorDefinition, secret: boolean): Record<string, string> {
  const fields = definition.settings.filter((field) => field.required && field.when === undefined);
  return Object.fromEntries(
    fields
      .filter(({ type }) => (type === 'secret') === secret)
      .map(({ key, type }) => [key, type === 'url' ? 'https://vendor.example/in' : `the-${key}-value`]),
  );
}

function batchOf(count: number): Batch {
  const items = Array.from({ length: count }, (_, index): BatchItem => {
    const messageId = `evt_${index}_é`;
    return {
      messageId,
      deduplicationId: `${messageId}:pip_1`,
      vendorEvent: 'page',
      payload: JSON.stringify({ messageId, text: 'žluťoučký "kůň"\u2028' }),
    };
  });
  return { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', createdAt: Date.UTC(2026, 5, 6), items };
}

test('every key is used once', () => {
  const keys = CATALOG.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

describe.each(CATALOG.map((definition) => [definition.key, definition] as const))('%s', (key, definition) => {
  const settings = withDefaults(definition, required(definition, false));
  const secrets = required(definition, true);
  const limits = definition.limits(settings);
  const send = (batch: Batch, now = 1) => definition.request({ batch, settings, secrets, now });

  test('is named and described', () => {
    expect(key).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(definition.name).not.toBe('');
    expect(definition.description).toMatch(/\.$/);
    expect(definition.website).toMatch(/^https:\/\//);
    expect(definition.consentCategories.length).toBeGreaterThan(0);
  });

  test('has settings a form can be made of, and a base URL to override', () => {
    const keys = definition.settings.map((field) => field.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.includes('endpoint') || keys.includes('url')).toBe(true);
    for (const field of definition.settings) {
      expect(field.key).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(field.label).not.toBe('');
      expect(field.type === 'secret' && field.default !== undefined, `${field.key} default`).toBe(false);
      expect(field.options !== undefined, `${field.key} options`).toBe(field.type === 'select');
      if (field.when !== undefined) expect(keys).toContain(field.when.key);
    }
  });

  test('has defaults that its own fields accept', () => {
    for (const {
      key: name,
      type,
      default: value,
      options = [],
      min = value,
      max = value,
      check,
    } of definition.settings) {
      if (value === undefined) continue;
      if (type === 'select') expect(options.map((option) => option.value)).toContain(value);
      else if (type === 'number')
        expect(Number(value) >= Number(min) && Number(value) <= Number(max), name).toBe(true);
      else if (type !== 'json') expect(typeof value).toBe(type === 'url' ? 'string' : type);
      expect(check?.(value)).toBeUndefined();
    }
  });

  test('has variants whose mappings compile', () => {
    const keys = definition.variants.map((variant) => variant.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const variant of definition.variants) expect(mappingProblems(variant.mapping)).toEqual([]);
  });

  test('keeps a full request within its limits', () => {
    const batch = batchOf(Math.min(limits.maxItems, 50));
    const items = batch.items.reduce((sum, item) => sum + definition.itemBytes(item), 0);
    expect(Buffer.byteLength(send(batch).body)).toBeLessThanOrEqual(limits.envelopeBytes + items);
    expect(limits.envelopeBytes).toBeLessThan(limits.maxBytes);
  });

  test('sends JSON with the same body on every attempt, and no secret in URL or body', () => {
    const batch = batchOf(Math.min(limits.maxItems, 3));
    const first = send(batch, 1);
    const second = send(batch, 86_400_000);
    expect(second.body).toBe(first.body);
    expect(second.url).toBe(first.url);
    expect(JSON.parse(first.body)).toBeTypeOf('object');
    for (const [name, value] of Object.entries(first.headers)) {
      expect(name).toBe(name.toLowerCase());
      expect(value).toMatch(/^[\x20-\x7e]*$/);
    }
    for (const secret of Object.values(secrets)) expect(first.url + first.body).not.toContain(secret);
  });

  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [302, 'dead'],
    [400, 'split'],
    [401, 'dead'],
    [403, 'dead'],
    [404, 'dead'],
    [408, 'retry'],
    [413, 'split'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('understands status %i with an unknown body as %s', (status, expected) => {
    const verdict = definition.classify({ status, headers: {}, body: '<html>' }, batchOf(2));
    expect(verdict.kind === 'all' ? verdict.outcome.kind : verdict.kind).toBe(expected);
  });

  const fixtures = fixturesOf(key);

  test('has fixtures of events that are sent', () => {
    expect(fixtures.some(({ expected }) => expected.kind === 'mapped')).toBe(true);
  });

  test.each(fixtures.map((fixture) => [fixture.description, fixture] as const))('%s', (_, fixture) => {
    const variant = definition.variants.find((candidate) => candidate.key === fixture.variant);
    if (variant === undefined) throw new Error(`no variant ${fixture.variant}`);
    const result = compileMapping(variant.mapping)(new EventView(enrichedEvent(fixture.input)));
    expect(result).toStrictEqual(fixture.expected);
    expect(JSON.stringify(result.kind === 'mapped' ? result.payload : null)).toBe(
      JSON.stringify(fixture.expected.kind === 'mapped' ? fixture.expected.payload : null),
    );
  });
});
