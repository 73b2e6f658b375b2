import type { Consent } from '../../schemas/index.ts';
import { type Step, UNCHANGED } from './step.ts';

/** Category codes of common consent platforms in the canonical categories. Several codes may mean one category; one
 * that is granted is enough. Cookiebot's and OneTrust's own names, and IAB TCF purposes. */
const CANONICAL: Readonly<Record<string, string>> = {
  necessary: 'essential',
  preferences: 'functional',
  statistics: 'analytics',
  marketing: 'marketing',
  advertising: 'marketing',
  functional: 'functional',
  analytics: 'analytics',
  personalization: 'personalization',
  C0001: 'essential',
  C0002: 'analytics',
  C0003: 'functional',
  C0004: 'marketing',
  '1': 'functional',
  '2': 'marketing',
  '3': 'marketing',
  '4': 'marketing',
  '5': 'personalization',
  '7': 'marketing',
  '8': 'analytics',
  '9': 'analytics',
};

/** Puts what a consent platform says in its own codes into the canonical categories as well. What the event already
 * says canonically stands. */
export const consent: Step = {
  name: 'consent',
  apply(event) {
    const given = event.context.consent;
    if (given === null) return UNCHANGED;
    const derived = derive(given);
    const added = Object.keys(derived).filter((category) => !Object.hasOwn(given.canonical, category));
    if (added.length === 0) return UNCHANGED;
    const canonical = { ...derived, ...given.canonical };
    return {
      kind: 'changed',
      event: { ...event, context: { ...event.context, consent: { ...given, canonical } } },
      entry: {
        step: 'consent',
        action: 'changed',
        reason: 'CONSENT_MAPPED',
        detail: added.map((category) => `${category}: ${derived[category]}`).join(', '),
      },
    };
  },
};

function derive(given: Consent): Record<string, boolean> {
  const derived: Record<string, boolean> = {};
  for (const [code, granted] of Object.entries(given.categories)) {
    const category = Object.hasOwn(CANONICAL, code) ? CANONICAL[code] : undefined;
    if (category !== undefined) derived[category] = (derived[category] ?? false) || granted;
  }
  return derived;
}
