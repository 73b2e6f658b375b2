import type { RecordPosition } from '../../streams/index.ts';
import { TOPICS } from '../../topologies/topics.ts';

/** What a record says of its event. The letters are part of stored keys. */
export const KINDS = { raw: 'a', rejected: 'b', enriched: 'c', result: 'd' } as const;

export type Kind = keyof typeof KINDS;

/** Their places are part of stored values: append only. */
export const LINEAGE_TOPICS = [
  { topic: TOPICS.rawEvents, kind: 'raw' },
  { topic: TOPICS.rejectedEvents, kind: 'rejected' },
  { topic: TOPICS.enrichedEvents, kind: 'enriched' },
  { topic: TOPICS.deliveryResults, kind: 'result' },
] as const satisfies readonly { topic: string; kind: Kind }[];

const BY_TOPIC = new Map<string, { readonly index: number; readonly letter: number }>(
  LINEAGE_TOPICS.map(({ topic, kind }, index) => [topic, { index, letter: KINDS[kind].charCodeAt(0) }]),
);
const KIND_BY_LETTER = new Map<number, Kind>(
  LINEAGE_TOPICS.map(({ kind }) => [KINDS[kind].charCodeAt(0), kind]),
);

const MAX_MESSAGE_ID_BYTES = 0xffff;
const VALUE_BYTES = 1 + 4 + 6;

/**
 * The index is one store, an entry per event and kind of record, results one per integration:
 *
 *   key    length of messageId (2 bytes) · messageId · kind (1) · integration id
 *   value  topic (1) · partition (4) · offset (6)
 *
 * The length in front keeps one event's entries together whatever characters its id has. A later record of the same
 * key takes the earlier one's place: of results, the last one is the outcome.
 */
export function pointerTo(
  record: RecordPosition,
  messageId: Buffer,
  integrationId: Buffer | undefined,
): { readonly key: Buffer; readonly value: Buffer } | undefined {
  const source = BY_TOPIC.get(record.topic);
  if (source === undefined || messageId.length > MAX_MESSAGE_ID_BYTES) return undefined;
  const suffix = integrationId?.length ?? 0;
  // One allocation for both: this runs for every record there is.
  const bytes = Buffer.allocUnsafe(2 + messageId.length + 1 + suffix + VALUE_BYTES);
  bytes.writeUInt16BE(messageId.length, 0);
  messageId.copy(bytes, 2);
  bytes[2 + messageId.length] = source.letter;
  integrationId?.copy(bytes, 3 + messageId.length);
  const at = 3 + messageId.length + suffix;
  bytes[at] = source.index;
  bytes.writeUInt32BE(record.partition, at + 1);
  bytes.writeUIntBE(record.offset, at + 5, 6);
  return { key: bytes.subarray(0, at), value: bytes.subarray(at) };
}

/** The bounds of an event's entries. */
export function entriesOf(messageId: string): { readonly gte: Buffer; readonly lt: Buffer } | undefined {
  const id = Buffer.from(messageId);
  if (id.length > MAX_MESSAGE_ID_BYTES) return undefined;
  const gte = Buffer.allocUnsafe(2 + id.length);
  gte.writeUInt16BE(id.length, 0);
  id.copy(gte, 2);
  return { gte, lt: Buffer.concat([gte, Buffer.of(0xff)]) };
}

export interface Pointer extends RecordPosition {
  readonly kind: Kind;
}

/** `key` as found within `entriesOf(messageId)`. Undefined for an entry of a later version of this program. */
export function readPointer(key: Buffer, value: Buffer): Pointer | undefined {
  const kind = KIND_BY_LETTER.get(key[2 + key.readUInt16BE(0)] ?? 0);
  const source = LINEAGE_TOPICS[value[0] ?? -1];
  if (kind === undefined || source === undefined) return undefined;
  return { kind, topic: source.topic, partition: value.readUInt32BE(1), offset: value.readUIntBE(5, 6) };
}
