import type { TopicPartition } from '../../log.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/*
 * What members of a consumer group tell each other by way of the broker, in the form of Kafka's own consumers
 * (ConsumerProtocolSubscription and -Assignment, version 1), so that Kafka's tools can show it.
 */

export interface Subscription {
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
}

export function encodeSubscription({ topics, owned }: Subscription): Buffer {
  const writer = new Writer().int16(1);
  writer.array(topics, (topic) => writer.string(topic));
  return partitions(writer.int32(-1), owned).bytes();
}

export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new Reader(bytes);
  const version = reader.int16();
  const topics = reader.array(() => reader.string() ?? '');
  reader.bytes(Math.max(0, reader.int32()));
  return { topics, owned: version < 1 ? [] : readPartitions(reader) };
}

export function encodeAssignment(assigned: readonly TopicPartition[]): Buffer {
  return partitions(new Writer().int16(1), assigned).int32(-1).bytes();
}

/** A member that is assigned nothing may get no bytes at all. */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new Reader(bytes);
  reader.int16();
  return readPartitions(reader);
}

function partitions(writer: Writer, list: readonly TopicPartition[]): Writer {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of list) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return writer.array([...byTopic], ([topic, numbers]) =>
    writer.string(topic).array(numbers, (number) => writer.int32(number)),
  );
}

function readPartitions(reader: Reader): TopicPartition[] {
  return reader
    .array(() => {
      const topic = reader.string() ?? '';
      return reader.array(() => ({ topic, partition: reader.int32() }));
    })
    .flat();
}
