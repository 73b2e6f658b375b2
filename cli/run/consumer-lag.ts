import type { Log } from '../../streams/index.ts';

export interface ConsumerGroup {
  readonly group: string;
  readonly topics: readonly string[];
}

export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Records from the committed offset (or the start) to the end. */
  readonly records: number;
}

/** How far each group is behind, per partition. Topics that do not exist yet have no lag. */
export async function consumerLag(log: Log, groups: readonly ConsumerGroup[]): Promise<PartitionLag[]> {
  const existing = new Set((await log.topics()).map(({ name }) => name));
  const lags = groups.map(async ({ group, topics }) => {
    const committed = await log.committed(group);
    const offsets = await Promise.all(
      topics.filter((topic) => existing.has(topic)).map((topic) => log.offsets(topic)),
    );
    return offsets.flat().map(({ topic, partition, start, end }): PartitionLag => {
      const at = committed.find((each) => each.topic === topic && each.partition === partition);
      return { group, topic, partition, records: end - Math.max(at?.offset ?? start, start) };
    });
  });
  return (await Promise.all(lags)).flat();
}
