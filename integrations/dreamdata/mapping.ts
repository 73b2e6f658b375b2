import type { EventMapping, FieldMapping, Mapping } from '../mapping/index.ts';

/** An item of Dreamdata's batch. Properties pass unchanged; of the traits only these three go, unhashed. */
const ITEM: readonly FieldMapping[] = [
  { constant: 'track', target: 'type' },
  { source: 'vendor_event', target: 'event' },
  { source: 'anonymous_id', target: 'anonymousId' },
  { source: 'user_id', target: 'userId' },
  { source: 'message_id', target: 'messageId' },
  { source: 'timestamp', target: 'timestamp', transform: 'date_format', format: 'iso8601' },
  { source: 'properties', target: 'properties' },
  { source: 'traits.email', target: 'traits.email', transform: 'string' },
  { source: 'traits.name', target: 'traits.name', transform: 'string' },
  // Some libraries send the company as an object, as in the Segment specification.
  { source: ['traits.company', 'traits.company.name'], target: 'traits.company', transform: 'string' },
  { source: 'context.ip', target: 'context.ip' },
  { source: 'context.user_agent', target: 'context.userAgent' },
  { source: 'context.page.url', target: 'context.page.url' },
  { source: 'context.page.title', target: 'context.page.title' },
  { source: 'context.page.referrer', target: 'context.page.referrer' },
  { source: 'context.campaign.source', target: 'context.campaign.source' },
  { source: 'context.campaign.medium', target: 'context.campaign.medium' },
  { source: 'context.campaign.name', target: 'context.campaign.name' },
];

const PAGE: EventMapping = {
  vendor_event_name: 'page',
  mappings: [{ constant: 'page', target: 'type' }],
};

export const B2B_SAAS: Mapping = {
  version: 2,
  global: { mappings: ITEM },
  events: {
    page: PAGE,
    'Signed Up': { vendor_event_name: 'sign_up' },
    'Logged In': { vendor_event_name: 'login' },
    'Lead Generated': { vendor_event_name: 'lead_generated' },
    'Form Submitted': { vendor_event_name: 'form_submitted' },
    'Content Viewed': { vendor_event_name: 'content_viewed' },
    'Trial Started': { vendor_event_name: 'trial_started' },
    'Subscription Started': { vendor_event_name: 'subscription_started' },
  },
  defaults: { action: 'drop' },
};

export const DEFAULT: Mapping = {
  version: 2,
  global: { mappings: ITEM },
  events: {
    page: PAGE,
    'Signed Up': { vendor_event_name: 'sign_up' },
    'Lead Generated': { vendor_event_name: 'lead_generated' },
    'Trial Started': { vendor_event_name: 'trial_started' },
    'Subscription Started': { vendor_event_name: 'subscription_started' },
  },
  defaults: { action: 'drop' },
};
