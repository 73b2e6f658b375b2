import type { RecordPosition } from '../../log.ts';
import { Reader } from './reader.ts';
import { byTopic, type WireRequest } from './requests.ts';
import { Writer } from './writer.ts';

export interface ClusterMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly {
    readonly errorCode: number;
    readonly name: string;
    readonly internal: boolean;
    readonly partitions: readonly { readonly partition: number; readonly leader: number }[];
  }[];
}

/** Of all topics if none are named. Unlike kafkajs' request, it answers even if one topic is in trouble. */
export function metadataRequest(topics: readonly string[] | null): WireRequest<ClusterMetadata> {
  return {
    name: 'Metadata',
    apiKey: 3,
    apiVersion: 5,
    encode: () => {
      const writer = new Writer();
      if (topics === null) writer.int32(-1);
      else writer.array(topics, (topic) => writer.string(topic));
      return writer.int8(0).bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.int32();
      const brokers = reader.array(() => {
        const broker = { nodeId: reader.int32(), host: reader.string() ?? '', port: reader.int32() };
        reader.string();
        return broker;
      });
      reader.string();
      reader.int32();
      return { brokers, topics: reader.array(() => topicMetadata(reader)) };
    },
  };
}

function topicMetadata(reader: Reader): ClusterMetadata['topics'][number] {
  return {
    errorCode: reader.int16(),
    name: reader.string() ?? '',
    internal: reader.bytes(1)[0] === 1,
    partitions: reader.array(() => {
      reader.int16();
      const found = { partition: reader.int32(), leader: reader.int32() };
      for (let list = 0; list < 3; list++) reader.array(() => reader.int32());
      return found;
    }),
  };
}

export type Settings = Readonly<Record<string, string>>;

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  /** -1: the cluster's default. */
  readonly replicationFactor: number;
  readonly settings: Settings;
}

export interface TopicOutcome {
  readonly name: string;
  readonly errorCode: number;
  readonly message: string;
}

/** Version 4, since it knows the cluster's default replication. */
export function createTopicsRequest(
  topics: readonly NewTopic[],
  timeoutMs: number,
): WireRequest<TopicOutcome[]> {
  return {
    name: 'CreateTopics',
    apiKey: 19,
    apiVersion: 4,
    waitMs: timeoutMs,
    encode: () => {
      const writer = new Writer();
      writer.array(topics, ({ name, partitions, replicationFactor, settings }) => {
        writer.string(name).int32(partitions).int16(replicationFactor).int32(0);
        writer.array(Object.entries(settings), ([key, value]) => writer.string(key).string(value));
      });
      return writer.int32(timeoutMs).int8(0).bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.int32();
      return reader.array(() => ({
        name: reader.string() ?? '',
        errorCode: reader.int16(),
        message: reader.string() ?? '',
      }));
    },
  };
}

const TOPIC_RESOURCE = 2;
const SET = 0;

/** Changes the named settings of topics and leaves their others, which kafkajs' request would reset. */
export function alterTopicsRequest(
  topics: readonly { readonly name: string; readonly settings: Settings }[],
): WireRequest<TopicOutcome[]> {
  return {
    name: 'IncrementalAlterConfigs',
    apiKey: 44,
    apiVersion: 0,
    encode: () => {
      const writer = new Writer();
      writer.array(topics, ({ name, settings }) => {
        writer.int8(TOPIC_RESOURCE).string(name);
        writer.array(Object.entries(settings), ([key, value]) => writer.string(key).int8(SET).string(value));
      });
      return writer.int8(0).bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.int32();
      return reader.array(() => {
        const errorCode = reader.int16();
        const message = reader.string() ?? '';
        reader.bytes(1);
        return { errorCode, message, name: reader.string() ?? '' };
      });
    },
  };
}

export interface DeleteOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
}

/** Deletes what lies before each offset; to be sent to the partitions' leader. */
export function deleteRecordsRequest(
  before: readonly RecordPosition[],
  timeoutMs: number,
): WireRequest<DeleteOutcome[]> {
  return {
    name: 'DeleteRecords',
    apiKey: 21,
    apiVersion: 1,
    waitMs: timeoutMs,
    encode: () => {
      const writer = new Writer();
      writer.array([...byTopic(before)], ([topic, own]) => {
        writer.string(topic).array(own, ({ partition, offset }) => writer.int32(partition).int64(offset));
      });
      return writer.int32(timeoutMs).bytes();
    },
    decode: (body) => {
      const reader = new Reader(body);
      reader.int32();
      return reader
        .array(() => {
          const topic = reader.string() ?? '';
          return reader.array(() => {
            const partition = reader.int32();
            reader.int64();
            return { topic, partition, errorCode: reader.int16() };
          });
        })
        .flat();
    },
  };
}
