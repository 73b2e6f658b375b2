import { describe, expect, it } from 'vitest';
import { type ConsentPolicy, EMPTY_STATE } from '../../config/index.ts';
import type { Event } from '../../schemas/index.ts';
import { trackEvent } from '../testing/events.ts';
import { govern as governUnder } from './govern.ts';
import type { Memory } from './step.ts';

/** Of a visitor who was never here before. */
const NOTHING: Memory = { wasSeenWithin: () => false, latestConsent: () => null };

const govern = (event: Event, memory = NOTHING) => governUnder(event, EMPTY_STATE, memory);
const governBy = (defaultPolicy: ConsentPolicy, event: Event, memory = NOTHING) =>
  governUnder(event, { ...EMPTY_STATE, consent: { ...EMPTY_STATE.consent, defaultPolicy } }, memory);

describe('the org layer', () => {
  it('passes a sound event unchanged and says nothing of it', () => {
    const event = trackEvent();
    expect(govern(event)).toEqual({ kind: 'passed', event, trail: [] });
  });

  it.each([
    ['event', trackEvent({ event: null }), 'is required for a track event'],
    ['event', trackEvent({ event: '' }), 'is required for a track event'],
    ['messageId', trackEvent({ messageId: '' }), 'is empty'],
    ['anonymousId', trackEvent({ anonymousId: '' }), 'is empty'],
    ['userId', trackEvent({ type: 'identify', userId: null }), 'or traits are required for an identify'],
    ['groupId', trackEvent({ type: 'group', groupId: null }), 'is required for a group event'],
    ['userId', trackEvent({ type: 'alias', userId: null }), 'is required for an alias event'],
    ['context.consent', trackEvent({ type: 'consent' }), 'is required for a consent event'],
    [
      'context.consent',
      trackEvent({ type: 'consent', context: { consent: { categories: {}, canonical: {} } } }),
      'is required for a consent event',
    ],
    ['timestamp', trackEvent({ timestamp: -1 }), 'is not between 1970 and 9999'],
    ['timestamp', trackEvent({ timestamp: 253_402_300_800_000 }), 'is not between 1970 and 9999'],
    ['properties', trackEvent({ properties: '[]' }), 'is not a JSON object'],
    ['traits', trackEvent({ traits: 'null' }), 'is not a JSON object'],
    ['properties', trackEvent({ properties: '{"a":' }), 'is not a JSON object'],
  ])('rejects an event whose %s is wrong', (path, event, problem) => {
    expect(govern(event)).toMatchObject({
      kind: 'rejected',
      rejection: { code: 'SCHEMA_VALIDATION_FAILED', details: [{ path, problem }] },
    });
  });

  it('names every problem of an event, not only the first', () => {
    const result = govern(trackEvent({ event: null, properties: '1' }));
    expect(result.kind === 'rejected' && result.rejection.details.map((d) => d.path)).toEqual([
      'event',
      'properties',
    ]);
  });
});

describe('the consent step', () => {
  const withConsent = (categories: Record<string, boolean>, canonical: Record<string, boolean> = {}) =>
    govern(trackEvent({ context: { consent: { categories, canonical } } }));

  it("maps a consent platform's codes to the canonical categories and records it", () => {
    const result = withConsent({ C0002: true, C0004: false });
    expect(result).toMatchObject({
      kind: 'passed',
      event: { context: { consent: { canonical: { analytics: true, marketing: false } } } },
      trail: [{ step: 'consent', reason: 'CONSENT_MAPPED', detail: 'analytics: true, marketing: false' }],
    });
  });

  it('grants a category as soon as one of its codes is granted', () => {
    expect(withConsent({ '8': false, '9': true })).toMatchObject({
      event: { context: { consent: { canonical: { analytics: true } } } },
    });
  });

  it('never overrules what the event says canonically', () => {
    expect(withConsent({ statistics: true }, { analytics: false })).toMatchObject({
      event: { context: { consent: { canonical: { analytics: false } } } },
      trail: [],
    });
  });

  it('leaves codes it does not know, inherited names included, to the integrations that use them', () => {
    expect(withConsent({ custom: true, toString: true })).toMatchObject({ kind: 'passed', trail: [] });
  });

  it('reads the map that the organisation has', () => {
    const consent = { ...EMPTY_STATE.consent, categories: new Map([['mine', 'analytics']]) };
    const given = { categories: { mine: true, C0004: true }, canonical: {} };
    expect(
      governUnder(trackEvent({ context: { consent: given } }), { ...EMPTY_STATE, consent }, NOTHING),
    ).toMatchObject({
      event: { context: { consent: { canonical: { analytics: true } } } },
      trail: [{ detail: 'analytics: true' }],
    });
  });
});

describe('an event of whose consent nothing is known', () => {
  const unknown = [null, { categories: {}, canonical: {} }];
  const ada = {
    userId: 'ada',
    groupId: 'acme',
    traits: '{"email":"ada@example.com"}',
    properties: '{"plan":"pro"}',
  };

  it.each(unknown)('passes as it is where that is allowed (%j)', (consent) => {
    const event = trackEvent({ ...ada, context: { consent } });
    expect(governBy('allow', event)).toEqual({ kind: 'passed', event, trail: [] });
  });

  it.each(unknown)('loses what tells who it was where that is to be stripped (%j)', (consent) => {
    const vendorIds = { ga: 'GA1.1.2' };
    const result = governBy('strip', trackEvent({ ...ada, context: { consent, vendorIds } }));
    expect(result).toMatchObject({
      event: {
        userId: null,
        groupId: null,
        traits: '{}',
        properties: '{"plan":"pro"}',
        context: { ip: null, userAgent: null, vendorIds: {} },
      },
      trail: [{ step: 'consent', action: 'changed', reason: 'CONSENT_STRIPPED' }],
    });
  });

  it.each(['identify', 'group', 'alias'] as const)(
    'is refused where stripping would leave nothing of it: %s',
    (type) => {
      const event = trackEvent({ ...ada, type, event: null });
      expect(governBy('strip', event)).toMatchObject({ rejection: { code: 'CONSENT_UNKNOWN' } });
    },
  );

  it.each(unknown)('is refused where it is to be dropped (%j)', (consent) => {
    const result = governBy('drop', trackEvent({ context: { consent } }));
    expect(result).toMatchObject({ kind: 'rejected', rejection: { code: 'CONSENT_UNKNOWN' } });
  });

  it('is not one whose consent is known, though denied', () => {
    const consent = { categories: { C0002: false }, canonical: {} };
    expect(governBy('drop', trackEvent({ context: { consent } })).kind).toBe('passed');
  });
});

describe('an event of a visitor whose consent is known', () => {
  const memory: Memory = {
    ...NOTHING,
    latestConsent: () => ({ consent: { categories: { C0004: false }, canonical: {} }, at: 5_000 }),
  };

  it('has that where it says nothing itself, mapped by its own rules, and the trail says as of when', () => {
    expect(governBy('drop', trackEvent(), memory)).toMatchObject({
      kind: 'passed',
      event: { context: { consent: { categories: { C0004: false }, canonical: { marketing: false } } } },
      trail: [
        { step: 'consent', reason: 'CONSENT_REMEMBERED', detail: 'as of 1970-01-01T00:00:05.000Z' },
        { step: 'consent', reason: 'CONSENT_MAPPED' },
      ],
    });
  });

  it('has what it says itself', () => {
    const consent = { categories: {}, canonical: { marketing: true } };
    expect(govern(trackEvent({ context: { consent } }), memory)).toMatchObject({
      event: { context: { consent } },
      trail: [],
    });
  });
});

describe('a message that was seen', () => {
  const seenHoursAgo = (ago: number): Memory => ({ ...NOTHING, wasSeenWithin: (hours) => hours > ago });
  const settings = (deduplicationHours: number) => ({ ...EMPTY_STATE, settings: { deduplicationHours } });

  it('is filtered within as many hours as the organisation says', () => {
    expect(governUnder(trackEvent(), settings(2), seenHoursAgo(1))).toEqual({
      kind: 'filtered',
      reason: 'DUPLICATE',
    });
    expect(governUnder(trackEvent(), settings(2), seenHoursAgo(3)).kind).toBe('passed');
  });

  it('is first of all told what is wrong with it', () => {
    expect(govern(trackEvent({ event: null }), seenHoursAgo(0)).kind).toBe('rejected');
  });
});
