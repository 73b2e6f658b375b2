import type { Event, TrailEntry } from '../../schemas/index.ts';
import { consent } from './consent.ts';
import { deduplicate } from './deduplicate.ts';
import { rememberedConsent } from './remembered-consent.ts';
import type { Memory, OrgRules, Rejection, Step } from './step.ts';
import { validate } from './validate.ts';

/** Every governing step, in the order they are applied. */
export const STEPS: readonly Step[] = [validate, deduplicate, rememberedConsent, consent];

export type Governed =
  | { readonly kind: 'passed'; readonly event: Event; readonly trail: readonly TrailEntry[] }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }
  | { readonly kind: 'filtered'; readonly reason: string };

/** Applies the steps one after the other; the first that refuses or filters the event ends it. */
export function govern(
  event: Event,
  rules: OrgRules,
  memory: Memory,
  steps: readonly Step[] = STEPS,
): Governed {
  const trail: TrailEntry[] = [];
  let current = event;
  for (const step of steps) {
    const outcome = step.apply(current, rules, memory);
    switch (outcome.kind) {
      case 'unchanged':
        break;
      case 'changed':
        current = outcome.event;
        trail.push(outcome.entry);
        break;
      case 'rejected':
      case 'filtered':
        return outcome;
    }
  }
  return { kind: 'passed', event: current, trail };
}
