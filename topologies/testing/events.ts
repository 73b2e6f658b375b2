import type { Context, Event, RawEvent } from '../../schemas/index.ts';

/** Sound events for tests, with what a test is about put in. */

const CONTEXT: Context = {
  ip: '24.5.68.47',
  userAgent: 'Mozilla/5.0',
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

type EventParts = Partial<Omit<Event, 'context'>> & { readonly context?: Partial<Context> };

export function trackEvent({ context, ...parts }: EventParts = {}): Event {
  return {
    messageId: 'evt_1',
    type: 'track',
    event: 'Signed Up',
    name: null,
    anonymousId: 'df_1',
    userId: null,
    groupId: null,
    previousId: null,
    properties: '{}',
    traits: '{}',
    timestamp: 1_000,
    sentAt: null,
    ...parts,
    context: { ...CONTEXT, ...context },
  };
}

export const rawEvent = (event: Event, parts: Partial<Omit<RawEvent, 'event'>> = {}): RawEvent => ({
  event,
  receivedAt: 2_000,
  sourceId: 'src_1',
  configVersion: 3,
  ...parts,
});
