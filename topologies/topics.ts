import type { TopicSpec } from '../streams/index.ts';

/** Every fixed topic of the event flow. Those of the configuration stand in `config/`. */
export const TOPICS = {
  rawEvents: 'raw-events',
  rejectedEvents: 'dlq-events',
  enrichedEvents: 'enriched-events',
  deliveryResults: 'delivery-results',
  deadLetters: 'dead-letters',
  /** Records no topology could process: a defect of ours, kept with its bytes until it is mended. */
  unprocessable: 'unprocessable-records',
} as const;

const DELIVERY_PREFIX = 'delivery-int_';

/** The topic of an integration's delivery requests. */
export const deliveryTopic = (integrationId: string): string => `delivery-${integrationId}`;

/** Topics that pipelines choose by themselves; undefined for any other name. */
export const deliveryTopicSpec = (topic: string): TopicSpec | undefined =>
  topic.startsWith(DELIVERY_PREFIX) ? { name: topic } : undefined;

export const eventTopics = (options: { readonly retentionMs?: number | undefined } = {}): TopicSpec[] =>
  Object.values(TOPICS).map((name) => ({ name, retentionMs: options.retentionMs }));
