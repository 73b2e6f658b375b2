import { LogError } from '../errors.ts';
import type { TopicInfo, TopicSpec } from '../log.ts';
import { isTopicName } from '../topic-name.ts';
import { metaKey, metaRange } from './keys.ts';
import { Partition } from './partition.ts';
import type { Mutation, Storage } from './storage.ts';

export interface Topic {
  readonly info: TopicInfo;
  readonly partitions: readonly Partition[];
}

interface StoredTopic extends TopicInfo {
  readonly id: number;
}

/** Kafka's rule for topic names. */

/** The topics, as stored and in memory. */
export class Catalog {
  readonly #topics = new Map<string, Topic>();
  #lastId = 0;

  static async load(storage: Storage): Promise<Catalog> {
    const catalog = new Catalog();
    for (const { value } of await storage.entries(metaRange('topic'))) {
      const stored: StoredTopic = JSON.parse(value.toString());
      catalog.#add(
        stored,
        await Promise.all(emptyPartitions(stored).map((empty) => loadTail(storage, empty))),
      );
    }
    return catalog;
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new LogError('UNKNOWN_TOPIC', `${name}; create it first`);
    return topic;
  }

  partition(name: string, index: number): Partition {
    const { partitions } = this.topic(name);
    const partition = partitions[index];
    if (partition === undefined) {
      throw new LogError('UNKNOWN_TOPIC', `${name}-${index}; ${name} has ${partitions.length} partitions`);
    }
    return partition;
  }

  /** Creates what is missing and takes over changed settings, by way of `write`. Not to be called concurrently. */
  async create(
    specs: readonly TopicSpec[],
    defaultPartitions: number,
    write: (mutations: readonly Mutation[]) => Promise<unknown>,
  ): Promise<void> {
    const changed = new Map<string, StoredTopic>();
    for (const spec of specs) {
      const existing = changed.get(spec.name) ?? this.#stored(spec.name);
      const partitions = spec.partitions ?? existing?.partitions ?? defaultPartitions;
      if (!isTopicName(spec.name)) {
        throw new LogError(
          'INVALID',
          `topic name ${JSON.stringify(spec.name)}; use letters, digits, ".", "_", "-"`,
        );
      }
      if (!Number.isInteger(partitions) || partitions < 1) {
        throw new LogError(
          'INVALID',
          `topic ${spec.name} with ${partitions} partitions; at least 1 is needed`,
        );
      }
      if (existing !== undefined && existing.partitions !== partitions) {
        throw new LogError(
          'PARTITIONS_DIFFER',
          `${spec.name} has ${existing.partitions}, wanted are ${partitions}`,
        );
      }
      const { retentionMs = existing?.retentionMs, cleanup = existing?.cleanup } = spec;
      const id = existing?.id ?? ++this.#lastId;
      if (existing?.retentionMs === retentionMs && existing?.cleanup === cleanup && existing !== undefined)
        continue;
      changed.set(spec.name, { id, name: spec.name, partitions, retentionMs, cleanup });
    }
    if (changed.size === 0) return;
    await write(
      [...changed.values()].map((topic) => ({
        key: metaKey('topic', topic.name),
        value: Buffer.from(JSON.stringify(topic)),
      })),
    );
    for (const topic of changed.values()) {
      this.#add(topic, this.#topics.get(topic.name)?.partitions ?? emptyPartitions(topic));
    }
  }

  #stored(name: string): StoredTopic | undefined {
    const topic = this.#topics.get(name);
    return topic && { ...topic.info, id: topic.partitions[0]!.topicId };
  }

  #add({ id, ...info }: StoredTopic, partitions: readonly Partition[]): void {
    this.#topics.set(info.name, { info, partitions });
    this.#lastId = Math.max(this.#lastId, id);
  }
}

function emptyPartitions(topic: StoredTopic): Partition[] {
  return Array.from({ length: topic.partitions }, (_, index) => new Partition(topic.name, topic.id, index));
}

async function loadTail(storage: Storage, partition: Partition): Promise<Partition> {
  const [start, [last]] = await Promise.all([
    storage.firstOffset(partition),
    storage.batchAt(partition, Number.MAX_SAFE_INTEGER - 1),
  ]);
  if (start !== undefined && last !== undefined) partition.resume(start, last);
  return partition;
}
