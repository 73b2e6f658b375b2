import { hash } from 'node:crypto';
import { EVENT_TYPE_SYMBOLS, type Event, type EventType, type SourceType } from '../../schemas/index.ts';
import { messageOf } from '../errors.ts';
import { type RequestContext, readContext } from './context.ts';
import { inOurWords } from './dialects.ts';
import { Fields, isObject, LIMITS } from './fields.ts';
import { eventTime, parseTimestamp } from './timestamps.ts';

/** What is known of an event from outside of it: its request, its batch, its source. Times are milliseconds since
 * the epoch. */
export interface Envelope {
  readonly source: SourceType;
  readonly request: RequestContext;
  readonly receivedAt: number;
  /** Of the batch; an event's own wins. */
  readonly sentAt: number | null;
  /** What the endpoint stands for: the event may leave its type out, and must not contradict. */
  readonly type: EventType | null;
  /** The visitor of a browser call: anonymousId of an event that has none. */
  readonly visitor: string | null;
  /** For an event that has no messageId. */
  readonly newMessageId: () => string;
}

export interface EventProblem {
  readonly code: 'INVALID_EVENT' | 'MISSING_IDENTITY';
  readonly message: string;
  /** Where in the event, as `properties.items[2].price`; "" is the event itself. */
  readonly path: string;
}

export type Normalised = { readonly ok: Event } | { readonly error: EventProblem };

/**
 * Any input as the canonical event, or the first thing wrong with it.
 *
 * Fields that an event does not define at its top level are ignored, but for those of `dialects.ts`; in `context`
 * they are kept, as `context.extra`.
 */
export function normalise(given: unknown, envelope: Envelope): Normalised {
  if (!isObject(given)) return invalid('', 'must be an object');
  const fields = new Fields();
  const type = readType(given.type, envelope.type, fields);
  const input = inOurWords(given, type);
  const userId = fields.id(input.userId, 'userId');
  const anonymousId = fields.id(input.anonymousId, 'anonymousId') ?? envelope.visitor;
  const sentAt = readTime(input.sentAt, 'sentAt', fields) ?? envelope.sentAt;
  const times = {
    timestamp: readTime(input.timestamp, 'timestamp', fields),
    originalTimestamp: readTime(input.originalTimestamp, 'originalTimestamp', fields),
    sentAt,
  };
  const event: Event = {
    messageId: fields.id(input.messageId, 'messageId') ?? envelope.newMessageId(),
    type,
    event: fields.text(input.event, 'event', LIMITS.name),
    name: fields.text(input.name, 'name', LIMITS.name),
    anonymousId: anonymousId ?? (userId === null ? '' : anonymousIdOf(userId)),
    userId,
    groupId: fields.id(input.groupId, 'groupId'),
    previousId: fields.id(input.previousId, 'previousId'),
    properties: fields.json(input.properties, 'properties'),
    traits: fields.json(input.traits, 'traits'),
    context: readContext(input.context, envelope.source, envelope.request, fields),
    timestamp: eventTime(times, envelope.receivedAt),
    sentAt,
  };
  requireByType(event, fields);

  if (fields.problem !== undefined) return invalid(fields.problem.path, fields.problem.message);
  if (event.anonymousId === '') {
    return {
      error: { code: 'MISSING_IDENTITY', message: messageOf('MISSING_IDENTITY'), path: 'anonymousId' },
    };
  }
  return { ok: event };
}

/**
 * The anonymousId of an event that has only a userId. It is what events are partitioned by, so it must never be
 * empty, must be the same for all events of the user, and must not carry the userId itself to places where the
 * organisation's rules would have hashed or removed it.
 */
export function anonymousIdOf(userId: string): string {
  return `user_${hash('sha256', userId, 'hex').slice(0, 32)}`;
}

export function isEventType(value: unknown): value is EventType {
  return EVENT_TYPE_SYMBOLS.some((type) => type === value);
}

function readType(value: unknown, implied: EventType | null, fields: Fields): EventType {
  if (value === undefined || value === null) {
    if (implied !== null) return implied;
    fields.fail('type', `is missing; it is one of ${EVENT_TYPE_SYMBOLS.join(', ')}`);
  } else if (!isEventType(value)) {
    fields.fail('type', `is not one of ${EVENT_TYPE_SYMBOLS.join(', ')}`);
  } else if (implied !== null && implied !== value) {
    fields.fail(
      'type',
      `is ${value}, but this path takes ${implied}; leave the type out, or use the batch path`,
    );
  } else {
    return value;
  }
  return 'track';
}

function readTime(value: unknown, path: string, fields: Fields): number | null {
  const text = fields.text(value, path);
  if (text === null) return null;
  const time = parseTimestamp(text);
  if (time === undefined) fields.fail(path, 'is not an ISO 8601 time such as 2026-01-31T12:00:00.000Z');
  return time ?? null;
}

/** Beside these, every type needs an identity. */
function requireByType(event: Event, fields: Fields): void {
  switch (event.type) {
    case 'track':
      if (event.event === null) fields.fail('event', 'is missing; a track event needs its name');
      return;
    case 'group':
      if (event.groupId === null) fields.fail('groupId', 'is missing; a group event needs it');
      return;
    case 'alias':
      if (event.previousId === null) fields.fail('previousId', 'is missing; an alias event needs it');
      if (event.userId === null) fields.fail('userId', 'is missing; an alias event needs it');
      return;
    case 'consent':
      if (event.context.consent === null)
        fields.fail('context.consent', 'is missing; a consent event needs it');
      return;
    case 'page':
    case 'screen':
    case 'identify':
      return;
  }
}

function invalid(path: string, problem: string): Normalised {
  const message = path === '' ? `The event ${problem}` : `${path} ${problem}`;
  return { error: { code: 'INVALID_EVENT', message, path } };
}
