import type { Consent } from '../../schemas/index.ts';
import { type Step, UNCHANGED } from './step.ts';

/** An event that does not speak of consent has that of its visitor's latest event which did. */
export const rememberedConsent: Step = {
  name: 'remembered-consent',
  apply(event, _rules, memory) {
    if (saysSomething(event.context.consent)) return UNCHANGED;
    const latest = memory.latestConsent();
    if (latest === null) return UNCHANGED;
    return {
      kind: 'changed',
      event: { ...event, context: { ...event.context, consent: latest.consent } },
      entry: {
        step: 'consent',
        action: 'changed',
        reason: 'CONSENT_REMEMBERED',
        detail: `as of ${new Date(latest.at).toISOString()}`,
      },
    };
  },
};

export const saysSomething = (consent: Consent | null): consent is Consent =>
  consent !== null &&
  (Object.keys(consent.categories).length > 0 || Object.keys(consent.canonical).length > 0);
