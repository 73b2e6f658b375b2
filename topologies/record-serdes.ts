import {
  DEAD_LETTER_SCHEMA,
  DELIVERY_REQUEST_SCHEMA,
  DELIVERY_RESULT_SCHEMA,
  ENRICHED_EVENT_SCHEMA,
  RAW_EVENT_SCHEMA,
  REJECTED_EVENT_SCHEMA,
  VISITOR_STATE_SCHEMA,
} from '../schemas/index.ts';
import { avroSerde, type SchemaRegistry } from '../streams/index.ts';
import { TOPICS } from './topics.ts';

export type RecordSerdes = Awaited<ReturnType<typeof recordSerdes>>;

/** The serdes of the event flow's records. Registers their schemas; all delivery topics share one subject, since one
 * is made for every integration and they hold the same records. */
export async function recordSerdes(registry: SchemaRegistry) {
  const value = (topic: string): string => `${topic}-value`;
  const [rawEvent, rejectedEvent, enrichedEvent, visitorState, deliveryRequest, deliveryResult, deadLetter] =
    await Promise.all([
      avroSerde({ schema: RAW_EVENT_SCHEMA, subject: value(TOPICS.rawEvents), registry }),
      avroSerde({ schema: REJECTED_EVENT_SCHEMA, subject: value(TOPICS.rejectedEvents), registry }),
      avroSerde({ schema: ENRICHED_EVENT_SCHEMA, subject: value(TOPICS.enrichedEvents), registry }),
      avroSerde({ schema: VISITOR_STATE_SCHEMA, subject: 'visitors-value', registry }),
      avroSerde({ schema: DELIVERY_REQUEST_SCHEMA, subject: 'delivery-value', registry }),
      avroSerde({ schema: DELIVERY_RESULT_SCHEMA, subject: value(TOPICS.deliveryResults), registry }),
      avroSerde({ schema: DEAD_LETTER_SCHEMA, subject: value(TOPICS.deadLetters), registry }),
    ]);
  return {
    rawEvent,
    rejectedEvent,
    enrichedEvent,
    visitorState,
    deliveryRequest,
    deliveryResult,
    deadLetter,
  };
}
