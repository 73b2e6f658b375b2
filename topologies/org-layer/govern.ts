import type { Event, TrailEntry } from '../../schemas/index.ts';
import { consent } from './consent.ts';
import type { OrgRules, Rejection, Step } from './step.ts';
import { validate } from './validate.ts';

/** Every governing step, in the order they are applied. */
export const STEPS: readonly Step[] = [validate, consent];

export type Governed =
  | { readonly kind: 'passed'; readonly event: Event; readonly trail: readonly TrailEntry[] }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** Applies the steps one after the other; the first that refuses the event ends it. */
export function govern(event: Event, rules: OrgRules, steps: readonly Step[] = STEPS): Governed {
  const trail: TrailEntry[] = [];
  let current = event;
  for (const step of steps) {
    const outcome = step.apply(current, rules);
    switch (outcome.kind) {
      case 'unchanged':
        break;
      case 'changed':
        current = outcome.event;
        trail.push(outcome.entry);
        break;
      case 'rejected':
        return outcome;
    }
  }
  return { kind: 'passed', event: current, trail };
}
