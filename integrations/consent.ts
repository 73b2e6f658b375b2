import type { Consent } from '../schemas/index.ts';

/** The canonical categories, and `advertising`, an older name of `marketing`. An integration may also name a category
 * by the consent platform's own code. */
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];

export const CONSENT_CATEGORIES = [
  'essential',
  'functional',
  'analytics',
  'marketing',
  'personalization',
  'advertising',
] as const;

export type ConsentDecision =
  | { readonly kind: 'granted' }
  | {
      readonly kind: 'denied';
      /** `CONSENT_UNKNOWN`: the event says nothing of consent at all. */
      readonly reason: 'CONSENT_DENIED' | 'CONSENT_UNKNOWN';
      /** The integration's categories that are not granted, in its order. */
      readonly missing: readonly string[];
    };

const GRANTED: ConsentDecision = { kind: 'granted' };

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['advertising', 'marketing'],
  ['marketing', 'advertising'],
]);

/**
 * Whether an event may go to an integration: every one of its categories must be granted. A category is looked up in
 * the canonical view first, then verbatim among the consent platform's own codes; `essential` is always granted.
 * What is not known is not granted.
 */
export function consentDecision(consent: Consent | null, categories: readonly string[]): ConsentDecision {
  const missing = categories.filter((category) => category !== 'essential' && !isGranted(consent, category));
  if (missing.length === 0) return GRANTED;
  return { kind: 'denied', reason: isUnknown(consent) ? 'CONSENT_UNKNOWN' : 'CONSENT_DENIED', missing };
}

function isGranted(consent: Consent | null, category: string): boolean {
  if (consent === null) return false;
  const alias = ALIASES.get(category);
  return (
    lookUp(consent.canonical, category) ??
    (alias === undefined ? undefined : lookUp(consent.canonical, alias)) ??
    lookUp(consent.categories, category) ??
    (alias === undefined ? undefined : lookUp(consent.categories, alias)) ??
    false
  );
}

function lookUp(map: Readonly<Record<string, boolean>>, key: string): boolean | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isUnknown(consent: Consent | null): boolean {
  return (
    consent === null ||
    (Object.keys(consent.canonical).length === 0 && Object.keys(consent.categories).length === 0)
  );
}
