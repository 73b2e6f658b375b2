import { describe, expect, it } from 'vitest';
import type { Event } from '../../schemas/index.ts';
import { inOurWords } from './dialects.ts';
import { normalise } from './normalise.ts';

const ENVELOPE = {
  source: 'web',
  request: { ip: '203.0.113.7', userAgent: null },
  receivedAt: Date.parse('2026-01-31T12:00:00Z'),
  sentAt: null,
  type: null,
  visitor: null,
  newMessageId: () => 'evt_new',
} as const;

const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1' };

function ok(input: unknown): Event {
  const result = normalise(input, ENVELOPE);
  if ('error' in result) throw new Error(`${result.error.path}: ${result.error.message}`);
  return result.ok;
}
const problem = (input: unknown) => {
  const result = normalise(input, ENVELOPE);
  return 'error' in result ? result.error.path : undefined;
};
const extra = (input: unknown): unknown => JSON.parse(ok(input).context.extra);

describe('an event in Segment’s or RudderStack’s words', () => {
  it('is not touched where it is in ours', () => {
    const ours = { ...TRACK, properties: { a: 1 }, context: { page: { url: 'https://a.example/' } } };
    expect(inOurWords(ours, 'track')).toBe(ours);
  });

  it('has the user’s traits in its context, and only there until they are ours', () => {
    const event = {
      ...TRACK,
      context: { traits: { email: 'jane@example.com', plan: 'a' } },
      traits: { plan: 'b' },
    };
    expect(JSON.parse(ok(event).traits)).toEqual({ email: 'jane@example.com', plan: 'b' });
    expect(extra(event)).toEqual({});
  });

  it('keeps the user’s traits apart from the group’s', () => {
    const event = {
      ...TRACK,
      type: 'group',
      groupId: 'g',
      traits: { seats: 5 },
      context: { traits: { plan: 'a' } },
    };
    expect(JSON.parse(ok(event).traits)).toEqual({ seats: 5 });
    expect(extra(event)).toEqual({ traits: { plan: 'a' } });
  });

  it('has the category of a page beside its name, and no other event has one', () => {
    const page = { type: 'page', anonymousId: 'a', name: 'Terms', category: 'Legal', properties: { x: 1 } };
    expect(JSON.parse(ok(page).properties)).toEqual({ category: 'Legal', x: 1 });
    expect(JSON.parse(ok({ ...page, properties: { category: 'Own' } }).properties)).toEqual({
      category: 'Own',
    });
    expect(ok({ ...TRACK, category: 'Legal' }).properties).toBe('{}');
  });

  it('keeps what filters may ask for, and nothing of the SDK’s bookkeeping', () => {
    const event = {
      ...TRACK,
      integrations: { All: false, Amplitude: true },
      channel: 'server',
      rudderId: 'r',
      writeKey: 'k',
      _metadata: { nodeVersion: '20' },
    };
    expect(extra(event)).toEqual({ integrations: { All: false, Amplitude: true }, channel: 'server' });
    expect(extra({ ...event, context: { channel: 'web' } })).toMatchObject({ channel: 'web' });
  });

  it('states consent in the platform’s own categories', () => {
    const segment = { consent: { categoryPreferences: { Advertising: false, analytics: true }, version: 2 } };
    expect(ok({ ...TRACK, context: segment }).context.consent).toEqual({
      categories: { Advertising: false, analytics: true },
      canonical: { essential: true, analytics: true },
    });
    const rudderstack = {
      consentManagement: {
        provider: 'oneTrust',
        allowedConsentIds: ['C0001', 'C0002'],
        deniedConsentIds: ['C0002'],
      },
    };
    expect(ok({ ...TRACK, context: rudderstack }).context.consent?.categories).toEqual({
      C0001: true,
      C0002: false,
    });
  });

  it('may ask for its address not to be kept', () => {
    expect(ok({ ...TRACK, context: { ip: '0.0.0.0' } }).context.ip).toBeNull();
  });

  it.each([
    ['context.traits', 'traits.__proto__'],
    ['integrations', 'context.integrations.__proto__'],
    ['context.consent.categoryPreferences', 'context.consent.categories.__proto__'],
  ])('cannot reach a prototype through %s', (place, path) => {
    const nested = place
      .split('.')
      .reduceRight((inner, key) => `{"${key}":${inner}}`, '{"__proto__":{"polluted":1},"a":1}');
    const input: unknown = JSON.parse(
      `{"type":"track","event":"x","anonymousId":"a",${nested.slice(1, -1)}}`,
    );
    expect(problem(input)).toBe(path);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each<[object, string]>([
    [{ context: 'x', integrations: { All: false } }, 'context'],
    [{ traits: 'x', context: { traits: { a: 1 } } }, 'traits'],
    [{ originalTimestamp: 'now' }, 'originalTimestamp'],
  ])('is refused where it has the wrong shape: %j', (fields, path) => {
    expect(problem({ ...TRACK, ...fields })).toBe(path);
  });
});
