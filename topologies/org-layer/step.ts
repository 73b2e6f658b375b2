import type { ConsentRules } from '../../config/index.ts';
import type { Event, TrailEntry } from '../../schemas/index.ts';

/** What one governing step made of an event. A step that changes or refuses an event says why; one that has nothing
 * to say leaves no trace. */
export type StepOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly event: Event; readonly entry: TrailEntry }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

export interface Rejection {
  readonly code: string;
  readonly message: string;
  readonly details: readonly { readonly path: string; readonly problem: string }[];
}

/** What the organisation has decided, as of one configuration version. */
export interface OrgRules {
  readonly consent: ConsentRules;
}

/** The rules under which an event was accepted. Throws a `Suspend` when this process has not applied that version
 * yet. */
export type RulesAt = (configVersion: number) => OrgRules;

/** Pure: the same event under the same rules gives the same outcome, today and in a replay. */
export interface Step {
  readonly name: string;
  apply(event: Event, rules: OrgRules): StepOutcome;
}

export const UNCHANGED: StepOutcome = { kind: 'unchanged' };
