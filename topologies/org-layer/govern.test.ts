import { describe, expect, it } from 'vitest';
import { trackEvent } from '../testing/events.ts';
import { govern } from './govern.ts';

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
});
