import type { Consent, Event, Identity, JsonText, VisitorState } from '../../schemas/index.ts';
import { saysSomething } from '../org-layer/index.ts';

/**
 * What is known of a visitor after one more event. Later values win; a visitor who turns out to be another user than
 * before starts with a clean set of traits, so that nobody's are delivered as somebody else's.
 */
export function advance(
  known: VisitorState | null,
  event: Event,
  receivedAt: number,
  givenConsent: Consent | null = null,
): VisitorState {
  const before = known ?? newVisitor(receivedAt);
  const userId = event.userId ?? before.userId;
  const groupId = event.groupId ?? before.groupId;
  const sameUser = before.userId === null || before.userId === userId;
  const sameGroup = before.groupId === null || before.groupId === groupId;
  const traits = sameUser ? before.traits : '{}';
  const groupTraits = sameGroup ? before.groupTraits : '{}';
  return {
    userId,
    groupId,
    traits: event.type === 'identify' ? merged(traits, event.traits) : traits,
    groupTraits: event.type === 'group' ? merged(groupTraits, event.traits) : groupTraits,
    clickIds: joined(before.clickIds, event.context.clickIds),
    vendorIds: joined(before.vendorIds, event.context.vendorIds),
    firstSeen: Math.min(before.firstSeen, receivedAt),
    lastSeen: Math.max(before.lastSeen, receivedAt),
    ...latestConsent(before, event, receivedAt, givenConsent),
  };
}

/** That of the event which happened last, whatever the order they come in. No event happens after it was received: a
 * client whose clock is years ahead would have the last word for years. */
function latestConsent(
  { consent, consentAt }: VisitorState,
  { timestamp }: Event,
  receivedAt: number,
  given: Consent | null,
): Pick<VisitorState, 'consent' | 'consentAt'> {
  const at = Math.min(timestamp, receivedAt);
  if (!saysSomething(given) || (consentAt !== null && at < consentAt)) return { consent, consentAt };
  return { consent: given, consentAt: at };
}

/** The visitor as an event's readers see it. */
export function identityOf(visitor: VisitorState): Identity {
  const { userId, groupId, traits, groupTraits, clickIds, vendorIds, firstSeen, lastSeen } = visitor;
  return { userId, groupId, traits, groupTraits, clickIds, vendorIds, firstSeen, lastSeen };
}

const newVisitor = (receivedAt: number): VisitorState => ({
  userId: null,
  groupId: null,
  traits: '{}',
  groupTraits: '{}',
  clickIds: {},
  vendorIds: {},
  firstSeen: receivedAt,
  lastSeen: receivedAt,
  consent: null,
  consentAt: null,
});

/** Top-level keys of the second over those of the first. Spreading defines properties and so, unlike assignment,
 * cannot reach a prototype. */
function merged(first: JsonText, second: JsonText): JsonText {
  if (second === '{}') return first;
  if (first === '{}') return second;
  return JSON.stringify({ ...JSON.parse(first), ...JSON.parse(second) });
}

type Ids = Readonly<Record<string, string>>;

function joined(first: Ids, second: Ids): Ids {
  return Object.keys(second).length === 0 ? first : { ...first, ...second };
}
