import type { Event } from '../../schemas/index.ts';
import { saysSomething } from './remembered-consent.ts';
import { type Step, UNCHANGED } from './step.ts';

type Problem = { readonly path: string; readonly problem: string };

/** Later than this is no time an event can have happened at: 9999-12-31T23:59:59.999Z, the last that ISO 8601 writes
 * with four digits, which is what vendors accept. */
const LAST_TIMESTAMP = 253_402_300_799_999;

/**
 * Events reach raw-events through the gateway, which checks what a client sends, but also by import and from older
 * versions of it; everything later in the flow may rely on what is checked here.
 */
export const validate: Step = {
  name: 'validate',
  apply(event) {
    const details = problemsOf(event);
    if (details.length === 0) return UNCHANGED;
    const [first] = details as [Problem, ...Problem[]];
    return {
      kind: 'rejected',
      rejection: {
        code: 'SCHEMA_VALIDATION_FAILED',
        message: `${first.path} ${first.problem}`,
        details,
      },
    };
  },
};

function problemsOf(event: Event): Problem[] {
  const problems: Problem[] = [];
  const require = (holds: boolean, path: string, problem: string): void => {
    if (!holds) problems.push({ path, problem });
  };
  require(event.messageId !== '', 'messageId', 'is empty');
  require(event.anonymousId !== '', 'anonymousId', 'is empty');
  require(event.type !== 'track' || isName(event.event), 'event', 'is required for a track event');
  require(event.type !== 'identify' ||
    hasIdentity(event), 'userId', 'or traits are required for an identify');
  require(event.type !== 'group' || isName(event.groupId), 'groupId', 'is required for a group event');
  require(event.type !== 'alias' || isName(event.userId), 'userId', 'is required for an alias event');
  require(event.type !== 'consent' ||
    saysSomething(event.context.consent), 'context.consent', 'is required for a consent event');
  require(event.timestamp >= 0 &&
    event.timestamp <= LAST_TIMESTAMP, 'timestamp', 'is not between 1970 and 9999');
  require(isJsonObject(event.properties), 'properties', 'is not a JSON object');
  require(isJsonObject(event.traits), 'traits', 'is not a JSON object');
  require(isJsonObject(event.context.extra), 'context.extra', 'is not a JSON object');
  return problems;
}

const isName = (name: string | null): boolean => name !== null && name !== '';

const hasIdentity = (event: Event): boolean => isName(event.userId) || event.traits !== '{}';

function isJsonObject(text: string): boolean {
  // Most events have none of these; parsing is what this step costs.
  if (text === '{}') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
