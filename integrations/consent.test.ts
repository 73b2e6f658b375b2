import { describe, expect, test } from 'vitest';
import type { Consent } from '../schemas/index.ts';
import { consentDecision } from './consent.ts';

const consent = (canonical: Record<string, boolean>, categories: Record<string, boolean> = {}): Consent => ({
  canonical,
  categories,
});

describe('consent', () => {
  test.each<[string, Consent | null, string[]]>([
    ['a category granted in the canonical view', consent({ analytics: true }), ['analytics']],
    ['every category granted', consent({ analytics: true, marketing: true }), ['analytics', 'marketing']],
    ["the platform's own code granted", consent({}, { C0004: true }), ['C0004']],
    ['advertising, which is marketing', consent({ marketing: true }), ['advertising']],
    ['marketing, which was once advertising', consent({}, { advertising: true }), ['marketing']],
    ['essential, whatever was said', consent({ essential: false }), ['essential']],
    ['essential, when nothing is known', null, ['essential']],
    ['no category asked for', null, []],
  ])('is granted: %s', (_, given, categories) => {
    expect(consentDecision(given, categories)).toEqual({ kind: 'granted' });
  });

  test.each<[string, Consent | null, string[], string, string[]]>([
    [
      'one of two refused',
      consent({ analytics: true, marketing: false }),
      ['analytics', 'marketing'],
      'CONSENT_DENIED',
      ['marketing'],
    ],
    [
      'a category not mentioned',
      consent({ analytics: true }),
      ['marketing', 'functional'],
      'CONSENT_DENIED',
      ['marketing', 'functional'],
    ],
    [
      'canonical refused though the code is granted',
      consent({ marketing: false }, { marketing: true }),
      ['marketing'],
      'CONSENT_DENIED',
      ['marketing'],
    ],
    [
      'canonical marketing refused though advertising is granted by code',
      consent({ marketing: false }, { advertising: true }),
      ['advertising'],
      'CONSENT_DENIED',
      ['advertising'],
    ],
    ['nothing known', null, ['analytics'], 'CONSENT_UNKNOWN', ['analytics']],
    ['an empty consent', consent({}), ['analytics'], 'CONSENT_UNKNOWN', ['analytics']],
    [
      'names every object inherits',
      consent({ analytics: true }),
      ['constructor', 'toString'],
      'CONSENT_DENIED',
      ['constructor', 'toString'],
    ],
  ])('is denied: %s', (_, given, categories, reason, missing) => {
    expect(consentDecision(given, categories)).toEqual({ kind: 'denied', reason, missing });
  });
});
