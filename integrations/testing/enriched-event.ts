import type { Context, EnrichedEvent, Event, Identity } from '../../schemas/index.ts';
import type { JsonObject } from '../json.ts';

/** An event as fixtures write it: only what matters, free-form parts as objects. */
export interface EventFixture {
  readonly event: Partial<Omit<Event, 'properties' | 'traits' | 'context' | 'timestamp'>> & {
    readonly properties?: JsonObject;
    readonly traits?: JsonObject;
    /** ISO 8601. */
    readonly timestamp?: string;
    readonly context?: Partial<Omit<Context, 'extra'>> & { readonly extra?: JsonObject };
  };
  readonly identity?: Partial<Omit<Identity, 'traits' | 'groupTraits'>> & {
    readonly traits?: JsonObject;
    readonly groupTraits?: JsonObject;
  };
}

export const CONTEXT: Context = {
  ip: null,
  userAgent: null,
  locale: null,
  timezone: null,
  page: null,
  campaign: null,
  screen: null,
  library: null,
  consent: null,
  clickIds: {},
  vendorIds: {},
  extra: '{}',
};

export function enrichedEvent({ event, identity = {} }: EventFixture): EnrichedEvent {
  const {
    properties = {},
    traits = {},
    timestamp = '2026-06-06T11:11:14.000Z',
    context = {},
    ...rest
  } = event;
  const { extra = {}, ...typed } = context;
  const { traits: known = {}, groupTraits = {}, ...identified } = identity;
  return {
    event: {
      messageId: 'evt_6f47f5a0-0001',
      type: 'track',
      event: null,
      name: null,
      anonymousId: 'df_8f2a1c9e-0001',
      userId: null,
      groupId: null,
      previousId: null,
      sentAt: null,
      ...rest,
      properties: JSON.stringify(properties),
      traits: JSON.stringify(traits),
      timestamp: Date.parse(timestamp),
      context: { ...CONTEXT, ...typed, extra: JSON.stringify(extra) },
    },
    identity: {
      userId: null,
      groupId: null,
      clickIds: {},
      vendorIds: {},
      firstSeen: null,
      lastSeen: null,
      ...identified,
      traits: JSON.stringify(known),
      groupTraits: JSON.stringify(groupTraits),
    },
    trail: [],
    receivedAt: Date.parse('2026-06-06T11:11:15.250Z'),
    sourceId: 'src_1',
    configVersion: 7,
    raw: { topic: 'raw-events', partition: 0, offset: 42 },
  };
}
