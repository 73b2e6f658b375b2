import type { CommittedOffset, TopicPartition } from '../log.ts';
import { metaKey, metaRange } from './keys.ts';
import type { Mutation, Storage } from './storage.ts';

interface StoredOffset extends CommittedOffset {
  readonly group: string;
}

/** The committed offsets of all groups, in memory as they are stored. */
export class GroupOffsets {
  readonly #groups = new Map<string, Map<string, CommittedOffset>>();

  static async load(storage: Storage): Promise<GroupOffsets> {
    const offsets = new GroupOffsets();
    for (const { value } of await storage.entries(metaRange('offset'))) {
      const { group, ...committed }: StoredOffset = JSON.parse(value.toString());
      offsets.set(group, committed);
    }
    return offsets;
  }

  of(group: string): CommittedOffset[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  get(group: string, { topic, partition }: TopicPartition): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(`${topic}-${partition}`);
  }

  set(group: string, committed: CommittedOffset): void {
    let offsets = this.#groups.get(group);
    if (offsets === undefined) {
      offsets = new Map();
      this.#groups.set(group, offsets);
    }
    offsets.set(`${committed.topic}-${committed.partition}`, committed);
  }
}

export function offsetMutation(group: string, committed: CommittedOffset): Mutation {
  const stored: StoredOffset = { group, ...committed };
  return {
    key: metaKey('offset', group, committed.topic, committed.partition),
    value: Buffer.from(JSON.stringify(stored)),
  };
}
