/** What becomes of an event of whose visitor's consent nothing is known: it passes, without what tells who it was,
 * or not at all. Whatever passes is delivered only where the integration needs no consent. */
export const CONSENT_POLICIES = ['allow', 'strip', 'drop'] as const;

export type ConsentPolicy = (typeof CONSENT_POLICIES)[number];

/** How consent is read. */
export interface ConsentRules {
  /** 0 until something was changed. */
  readonly version: number;
  readonly updatedAt: number | null;
  /** Canonical categories by the codes of consent platforms. */
  readonly categories: ReadonlyMap<string, string>;
  readonly defaultPolicy: ConsentPolicy;
}

/** Cookiebot's and OneTrust's own names, and IAB TCF purposes. Part of what old events mean: never to be changed. */
export const DEFAULT_CONSENT: ConsentRules = {
  version: 0,
  updatedAt: null,
  categories: new Map([
    ['necessary', 'essential'],
    ['preferences', 'functional'],
    ['statistics', 'analytics'],
    ['marketing', 'marketing'],
    ['advertising', 'marketing'],
    ['functional', 'functional'],
    ['analytics', 'analytics'],
    ['personalization', 'personalization'],
    ['C0001', 'essential'],
    ['C0002', 'analytics'],
    ['C0003', 'functional'],
    ['C0004', 'marketing'],
    ['1', 'functional'],
    ['2', 'marketing'],
    ['3', 'marketing'],
    ['4', 'marketing'],
    ['5', 'personalization'],
    ['7', 'marketing'],
    ['8', 'analytics'],
    ['9', 'analytics'],
  ]),
  defaultPolicy: 'allow',
};

export function isConsentPolicy(text: string): text is ConsentPolicy {
  return CONSENT_POLICIES.some((policy) => policy === text);
}
