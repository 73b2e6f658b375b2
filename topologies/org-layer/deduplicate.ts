import { type Step, type StepOutcome, UNCHANGED } from './step.ts';

const DUPLICATE: StepOutcome = { kind: 'filtered', reason: 'DUPLICATE' };

/** Clients send again what they got no answer to, so the same message may arrive several times. Only those that passed
 * are remembered: what was refused may be sent again once what it was refused for has changed. */
export const deduplicate: Step = {
  name: 'deduplicate',
  apply: (_event, { settings }, memory) =>
    memory.wasSeenWithin(settings.deduplicationHours) ? DUPLICATE : UNCHANGED,
};
