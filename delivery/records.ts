import {
  type DeadLetter,
  type DeliveryBatch,
  type DeliveryRequest,
  type DeliveryResult,
  deliveryKey,
  HEADERS,
} from '../schemas/index.ts';
import {
  deadLetter,
  type Headers,
  type OutgoingRecord,
  type Serde,
  SerdeError,
  type StoredRecord,
  UnknownSchemaId,
} from '../streams/index.ts';
import type { Settlement } from './settle.ts';

export interface DeliverySerdes {
  readonly request: Serde<DeliveryRequest>;
  readonly result: Serde<DeliveryResult>;
  readonly deadLetter: Serde<DeadLetter>;
  readonly batch: Serde<DeliveryBatch>;
}

export interface DeliveryTopics {
  requests(integrationId: string): string;
  readonly results: string;
  readonly deadLetters: string;
  /** For records of a delivery topic that cannot be read: a defect of ours, kept with its bytes. */
  readonly unprocessable: string;
}

/** The records that tell of a settlement. Keyed and headed as those the pipelines write of events they filter, so that
 * one look-up finds both. */
export function settlementRecords(
  { results, deadLetters }: Settlement,
  serdes: DeliverySerdes,
  topics: DeliveryTopics,
): OutgoingRecord[] {
  return [
    ...results.map((result) =>
      record(topics.results, result, result.decidedAt, serdes.result.serialize(result)),
    ),
    ...deadLetters.map((letter) =>
      record(
        topics.deadLetters,
        letter.request,
        letter.result.decidedAt,
        serdes.deadLetter.serialize(letter),
      ),
    ),
  ];
}

function record(
  topic: string,
  delivery: { readonly integrationId: string; readonly messageId: string },
  timestamp: number,
  value: Buffer,
): OutgoingRecord {
  const headers: Headers = [
    [HEADERS.messageId, Buffer.from(delivery.messageId)],
    [HEADERS.integrationId, Buffer.from(delivery.integrationId)],
  ];
  return { topic, key: Buffer.from(deliveryKey(delivery)), value, timestamp, headers };
}

export function unprocessableRecord(
  source: StoredRecord,
  { message }: Error,
  topics: DeliveryTopics,
): OutgoingRecord {
  return deadLetter(topics.unprocessable, source, { stage: 'deserialize', message });
}

/** However often it is tried, the record's bytes are not a delivery request. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

/** Rejects with an `UnreadableRecord`, or with what kept the schema from being loaded: then another try may help. */
export async function readRequest(
  record: StoredRecord,
  serde: Serde<DeliveryRequest>,
): Promise<DeliveryRequest> {
  const { value } = record;
  if (value === null) throw new UnreadableRecord('a delivery request has a value');
  try {
    return serde.deserialize(value);
  } catch (error) {
    if (!(error instanceof UnknownSchemaId)) throw unreadable(error);
    await error.load().catch((reason: unknown) => {
      throw isPassing(reason) ? reason : unreadable(reason);
    });
    return readRequest(record, serde);
  }
}

function unreadable(cause: unknown): UnreadableRecord {
  return new UnreadableRecord(cause instanceof Error ? cause.message : String(cause), { cause });
}

function isPassing(error: unknown): boolean {
  return error instanceof SerdeError && error.code.startsWith('REGISTRY_');
}
