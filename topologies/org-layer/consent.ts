import type { ConsentRules } from '../../config/index.ts';
import type { Consent, Event, TrailEntry } from '../../schemas/index.ts';
import { saysSomething } from './remembered-consent.ts';
import { type Step, type StepOutcome, UNCHANGED } from './step.ts';

/** Puts what a consent platform says in its own codes into the canonical categories as well. What the event already
 * says canonically stands. Where nothing is said, the organisation's policy decides. */
export const consent: Step = {
  name: 'consent',
  apply(event, rules) {
    const given = event.context.consent;
    return saysSomething(given)
      ? mapped(event, given, rules.consent.categories)
      : withoutConsent(event, rules.consent);
  },
};

const STRIPPED = 'CONSENT_STRIPPED';

/** Whether an event has lost what tells who it was; it must not be joined with that again. */
export const isStripped = (trail: readonly TrailEntry[]): boolean =>
  trail.some(({ reason }) => reason === STRIPPED);

function mapped(event: Event, given: Consent, categories: ReadonlyMap<string, string>): StepOutcome {
  const derived = derive(given, categories);
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
}

/** Several codes may mean one category; one that is granted is enough. */
function derive(given: Consent, categories: ReadonlyMap<string, string>): Record<string, boolean> {
  const derived = new Map<string, boolean>();
  for (const [code, granted] of Object.entries(given.categories)) {
    const category = categories.get(code);
    if (category !== undefined) derived.set(category, derived.get(category) === true || granted);
  }
  return Object.fromEntries(derived);
}

function withoutConsent(event: Event, { defaultPolicy }: ConsentRules): StepOutcome {
  switch (defaultPolicy) {
    case 'allow':
      return UNCHANGED;
    case 'drop':
      return refused('the organisation takes no event without consent');
    case 'strip':
      // These are nothing but who somebody is.
      return event.type === 'identify' || event.type === 'group' || event.type === 'alias'
        ? refused('the organisation links no people without consent')
        : stripped(event);
  }
}

const refused = (message: string): StepOutcome => ({
  kind: 'rejected',
  rejection: {
    code: 'CONSENT_UNKNOWN',
    message,
    details: [{ path: 'context.consent', problem: 'is not known' }],
  },
});

/** Without ids, traits and what tells a device from others. What an event says in its own properties stays: what of
 * that is personal, only the organisation knows. */
function stripped(event: Event): StepOutcome {
  const { context } = event;
  return {
    kind: 'changed',
    event: {
      ...event,
      userId: null,
      groupId: null,
      previousId: null,
      traits: '{}',
      context: { ...context, ip: null, userAgent: null, clickIds: {}, vendorIds: {}, extra: '{}' },
    },
    entry: {
      step: 'consent',
      action: 'changed',
      reason: STRIPPED,
      detail: 'ids, traits, address, user agent, extra context',
    },
  };
}
