import type { CommittedOffset, TopicPartition } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { ProtocolError } from './protocol/error-codes.ts';
import { offsetFetchRequest } from './protocol/requests.ts';

/** What a group has committed in the partitions, or in all; waits for transactions that are about to change it. */
export async function groupOffsets(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[] | null,
): Promise<CommittedOffset[]> {
  if (partitions?.length === 0) return [];
  return cluster.retry(`committed offsets of ${group}`, async () => {
    const coordinator = await cluster.coordinator('group', group);
    const { errorCode, offsets } = await cluster.brokers.send(
      coordinator,
      offsetFetchRequest(group, partitions),
    );
    if (errorCode !== 0) throw new ProtocolError(errorCode, `committed offsets of ${group}`);
    return offsets.flatMap(({ topic, partition, offset, metadata, errorCode: own }) => {
      if (own !== 0) throw new ProtocolError(own, `committed offset of ${group} in ${topic}-${partition}`);
      return offset < 0 ? [] : [{ topic, partition, offset, metadata }];
    });
  });
}

/** The partitions whose offsets this process committed last, so that it can wait to find them. */
export class RecentCommits {
  readonly #groups = new Map<string, Map<string, TopicPartition>>();

  note(group: string, offsets: readonly CommittedOffset[]): void {
    const partitions = this.#groups.get(group) ?? new Map<string, TopicPartition>();
    this.#groups.set(group, partitions);
    for (const { topic, partition } of offsets) partitions.set(`${topic}-${partition}`, { topic, partition });
  }

  /** Forgets them. */
  take(group: string): TopicPartition[] {
    const partitions = [...(this.#groups.get(group)?.values() ?? [])];
    this.#groups.delete(group);
    return partitions;
  }
}
