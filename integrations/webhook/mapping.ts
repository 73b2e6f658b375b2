import type { FieldMapping, Mapping } from '../mapping/index.ts';

/** The canonical event, with what is known of the visitor's traits by the time it is processed. */
const CANONICAL: readonly FieldMapping[] = [
  { source: 'message_id', target: 'messageId' },
  { source: 'type', target: 'type' },
  { source: 'event', target: 'event' },
  { source: 'name', target: 'name' },
  { source: 'anonymous_id', target: 'anonymousId' },
  { source: 'user_id', target: 'userId' },
  { source: 'group_id', target: 'groupId' },
  { source: 'previous_id', target: 'previousId' },
  { source: 'properties', target: 'properties' },
  { source: 'traits', target: 'traits' },
  { source: 'context', target: 'context' },
  { source: 'timestamp', target: 'timestamp', transform: 'date_format', format: 'iso8601' },
  { source: 'received_at', target: 'receivedAt', transform: 'date_format', format: 'iso8601' },
];

export const CANONICAL_EVENTS: Mapping = {
  version: 2,
  global: { mappings: CANONICAL },
  events: {
    // The traits of a group call are the group's, not the user's.
    group: { vendor_event_name: 'group', mappings: [{ source: 'group_traits', target: 'traits' }] },
  },
  defaults: { action: 'pass' },
};
