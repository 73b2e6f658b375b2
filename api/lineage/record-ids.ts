import type { DeliveryResult, EnrichedEvent, RawEvent, RejectedEvent } from '../../schemas/index.ts';
import { HEADERS } from '../../schemas/index.ts';
import type { Serde, StoredRecord } from '../../streams/index.ts';
import { TOPICS } from '../../topologies/topics.ts';

export interface LineageSerdes {
  readonly rawEvent: Serde<RawEvent>;
  readonly rejectedEvent: Serde<RejectedEvent>;
  readonly enrichedEvent: Serde<EnrichedEvent>;
  readonly deliveryResult: Serde<DeliveryResult>;
}

export interface RecordIds {
  readonly messageId: Buffer;
  /** Of a result. */
  readonly integrationId?: Buffer | undefined;
}

/** Which event a record is about: what its headers say or, where they do not, its value. Throws what the serde
 * throws. */
export function recordIds(record: StoredRecord, serdes: LineageSerdes): RecordIds | undefined {
  let messageId: Buffer | undefined;
  let integrationId: Buffer | undefined;
  for (const [name, value] of record.headers) {
    if (name === HEADERS.messageId) messageId = value;
    else if (name === HEADERS.integrationId) integrationId = value;
  }
  const isResult = record.topic === TOPICS.deliveryResults;
  if (messageId !== undefined && (integrationId !== undefined || !isResult))
    return isResult ? { messageId, integrationId } : { messageId };
  return record.value === null ? undefined : idsInValue(record.topic, record.value, serdes);
}

function idsInValue(topic: string, value: Buffer, serdes: LineageSerdes): RecordIds | undefined {
  switch (topic) {
    case TOPICS.rawEvents:
      return idsOf(serdes.rawEvent.deserialize(value).event.messageId);
    case TOPICS.rejectedEvents:
      return idsOf(serdes.rejectedEvent.deserialize(value).raw.event.messageId);
    case TOPICS.enrichedEvents:
      return idsOf(serdes.enrichedEvent.deserialize(value).event.messageId);
    case TOPICS.deliveryResults: {
      const result = serdes.deliveryResult.deserialize(value);
      return idsOf(result.messageId, result.integrationId);
    }
    default:
      return undefined;
  }
}

const idsOf = (messageId: string, integrationId?: string): RecordIds => ({
  messageId: Buffer.from(messageId),
  integrationId: integrationId === undefined ? undefined : Buffer.from(integrationId),
});
