import type { TopicPartition } from '../../log.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * The requests that are encoded here rather than by kafkajs: produce and fetch for speed (and because kafkajs hides
 * what became of each partition), the other two because kafkajs speaks versions of them that lack what exactly-once
 * needs. Field by field: https://kafka.apache.org/protocol
 */
export interface WireRequest<T> {
  readonly name: string;
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Of the body, after the header that kafkajs writes. */
  encode(): Buffer;
  decode(body: Buffer): T;
  /** How long the broker itself may take, in milliseconds. */
  readonly waitMs?: number | undefined;
}

export interface ProducePartition {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

export interface ProduceResult {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offset of the batch's first record; -1 if unknown. */
  readonly baseOffset: number;
}

export function produceRequest(
  transactionalId: string | null,
  partitions: readonly ProducePartition[],
  timeoutMs: number,
): WireRequest<ProduceResult[]> {
  return {
    name: 'Produce',
    apiKey: 0,
    apiVersion: 7,
    encode: () => {
      const size = partitions.reduce(
        (sum, { batch, topic }) => sum + batch.length + topic.length * 3 + 32,
        0,
      );
      const writer = new Writer(size + 256).string(transactionalId).int16(-1).int32(timeoutMs);
      writer.array([...byTopic(partitions)], ([topic, own]) => {
        writer.string(topic).array(own, ({ partition, batch }) => {
          writer.int32(partition).sized(batch);
        });
      });
      return writer.bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      return reader
        .array(() => {
          const topic = reader.string() ?? '';
          return reader.array(() => {
            const result = {
              topic,
              partition: reader.int32(),
              errorCode: reader.int16(),
              baseOffset: reader.int64(),
            };
            reader.bytes(16);
            return result;
          });
        })
        .flat();
    },
  };
}

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchResult {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Nothing at or after it can be read yet: a transaction may still decide it. */
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly records: Buffer;
}

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
}

const READ_COMMITTED = 1;

export function fetchRequest(
  partitions: readonly FetchPartition[],
  { maxWaitMs, maxBytes }: FetchLimits,
): WireRequest<FetchResult[]> {
  return {
    name: 'Fetch',
    apiKey: 1,
    apiVersion: 11,
    waitMs: maxWaitMs,
    encode: () => {
      const writer = new Writer().int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes).int8(READ_COMMITTED);
      writer.int32(0).int32(-1);
      writer.array([...byTopic(partitions)], ([topic, own]) => {
        writer.string(topic).array(own, (each) => {
          writer.int32(each.partition).int32(-1).int64(each.offset).int64(-1).int32(each.maxBytes);
        });
      });
      return writer.int32(0).string('').bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.int32();
      const error = reader.int16();
      reader.int32();
      const results = reader
        .array(() => {
          const topic = reader.string() ?? '';
          return reader.array(() => fetchResult(reader, topic));
        })
        .flat();
      return error === 0
        ? results
        : partitions.map((each) => ({ ...NOTHING_FETCHED, ...each, errorCode: error }));
    },
  };
}

const NOTHING_FETCHED = { lastStableOffset: -1, logStartOffset: -1, aborted: [], records: Buffer.alloc(0) };

function fetchResult(reader: Reader, topic: string): FetchResult {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.int64();
  const lastStableOffset = reader.int64();
  const logStartOffset = reader.int64();
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  reader.int32();
  const records = reader.bytes(Math.max(0, reader.int32()));
  return { topic, partition, errorCode, lastStableOffset, logStartOffset, aborted, records };
}

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * Version 3, since it states who is asking (KIP-360): a transactional producer that gets a new epoch for itself is
 * refused when another has taken its id over, instead of taking it back.
 */
export function initProducerIdRequest(
  transactionalId: string | null,
  transactionTimeoutMs: number,
  current: ProducerIdentity | undefined,
): WireRequest<ProducerIdentity & { readonly errorCode: number }> {
  return {
    name: 'InitProducerId',
    apiKey: 22,
    apiVersion: 3,
    encode: () =>
      new Writer()
        .noTags()
        .compactString(transactionalId)
        .int32(transactionTimeoutMs)
        .int64(current?.producerId ?? -1)
        .int16(current?.producerEpoch ?? -1)
        .noTags()
        .bytes(),
    decode: (body) => {
      const reader = new Reader(body);
      reader.skipTags();
      reader.int32();
      const errorCode = reader.int16();
      return { errorCode, producerId: reader.int64(), producerEpoch: reader.int16() };
    },
  };
}

export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** -1 if none was committed. */
  readonly offset: number;
  readonly metadata: string;
  readonly errorCode: number;
}

/**
 * Of all partitions if none are named. Version 7, since it can refuse to answer while a transaction decides an offset
 * (KIP-447); the first offset of a partition is waited for only where the partition is named.
 */
export function offsetFetchRequest(
  group: string,
  partitions: readonly TopicPartition[] | null,
): WireRequest<{ readonly errorCode: number; readonly offsets: readonly GroupOffset[] }> {
  return {
    name: 'OffsetFetch',
    apiKey: 9,
    apiVersion: 7,
    encode: () => {
      const writer = new Writer().noTags().compactString(group);
      const topics = partitions === null ? undefined : [...byTopic(partitions)];
      writer.unsignedVarint(topics === undefined ? 0 : topics.length + 1);
      for (const [topic, own] of topics ?? []) {
        writer.compactString(topic).unsignedVarint(own.length + 1);
        for (const { partition } of own) writer.int32(partition);
        writer.noTags();
      }
      return writer.int8(1).noTags().bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.skipTags();
      reader.int32();
      const offsets = reader
        .compactArray(() => {
          const topic = reader.compactString() ?? '';
          const own = reader.compactArray(() => {
            const partition = reader.int32();
            const offset = reader.int64();
            reader.int32();
            const metadata = reader.compactString() ?? '';
            const errorCode = reader.int16();
            reader.skipTags();
            return { topic, partition, offset, metadata, errorCode };
          });
          reader.skipTags();
          return own;
        })
        .flat();
      return { offsets, errorCode: reader.int16() };
    },
  };
}

export function byTopic<T extends { readonly topic: string }>(items: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const item of items) {
    const own = grouped.get(item.topic);
    if (own === undefined) grouped.set(item.topic, [item]);
    else own.push(item);
  }
  return grouped;
}
