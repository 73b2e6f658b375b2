import type { ConsentRules, Settings } from '../../config/index.ts';
import type { Consent, Event, TrailEntry } from '../../schemas/index.ts';

/** What one governing step made of an event. A step that changes or refuses an event says why; one that has nothing
 * to say leaves no trace. */
export type StepOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly event: Event; readonly entry: TrailEntry }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }
  /** Nothing is wrong with it, and nothing more is to be done about it. */
  | { readonly kind: 'filtered'; readonly reason: string };

export interface Rejection {
  readonly code: string;
  readonly message: string;
  readonly details: readonly { readonly path: string; readonly problem: string }[];
}

/** What the organisation has decided, as of one configuration version. */
export interface OrgRules {
  readonly consent: ConsentRules;
  readonly settings: Pick<Settings, 'deduplicationHours'>;
}

/** The rules under which an event was accepted. Throws a `Suspend` when this process has not applied that version
 * yet. */
export type RulesAt = (configVersion: number) => OrgRules;

/** What earlier events have left to know, as of this event. Asked only by the steps that need it. */
export interface Memory {
  /** Whether the same message of the same source passed within so many hours before. */
  wasSeenWithin(hours: number): boolean;
  /** What the visitor's latest event said that spoke of consent. */
  latestConsent(): RememberedConsent | null;
}

export interface RememberedConsent {
  readonly consent: Consent;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Pure: the same event under the same rules after the same events gives the same outcome, today and in a replay. */
export interface Step {
  readonly name: string;
  apply(event: Event, rules: OrgRules, memory: Memory): StepOutcome;
}

export const UNCHANGED: StepOutcome = { kind: 'unchanged' };
