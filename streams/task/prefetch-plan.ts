import type { StoredRecord } from '../log/log.ts';
import type { StorePrefetch } from '../state/store.ts';
import type { ProcessorNode, SourceNode, SubTopology, TopologyNode } from '../topology/nodes.ts';

type Request = (store: string) => StorePrefetch;
type Read = (key: unknown, timestamp: number, request: Request) => void;

/** What will be read for a record of some key and time, as far down as keys can be told. */
export class PrefetchPlan {
  private readonly source: SourceNode;
  private readonly reads: readonly Read[];

  constructor(source: SourceNode, subTopology: SubTopology) {
    this.source = source;
    this.reads = readsBelow(source, subTopology);
  }

  /** Never throws: what cannot be told is read when needed, and a broken record fails in processing. */
  collect(record: StoredRecord, request: Request): void {
    if (this.reads.length === 0 || record.key === null) return;
    try {
      const key = this.source.key.deserialize(record.key);
      for (const read of this.reads) read(key, record.timestamp, request);
    } catch {
      // See above.
    }
  }
}

function readsBelow(parent: TopologyNode, subTopology: SubTopology): Read[] {
  return subTopology.nodes.flatMap((node) =>
    node.kind === 'processor' && node.parents.includes(parent.name)
      ? [...ownReads(node, subTopology), ...readsAfter(node, subTopology)]
      : [],
  );
}

function ownReads(node: ProcessorNode, subTopology: SubTopology): Read[] {
  if (node.prefetching.reads !== undefined) return [node.prefetching.reads];
  return subTopology.stores.flatMap((builder): Read[] =>
    node.stores.includes(builder.name) && builder.prefetch !== undefined
      ? [(key, timestamp, request) => builder.prefetch?.(key, timestamp, request(builder.name))]
      : [],
  );
}

function readsAfter(node: ProcessorNode, subTopology: SubTopology): Read[] {
  const { keysAfter } = node.prefetching;
  if (keysAfter === undefined) return [];
  const below = readsBelow(node, subTopology);
  if (keysAfter === 'same' || below.length === 0) return below;
  return [
    (key, timestamp, request) => {
      for (const next of keysAfter(key, timestamp)) for (const read of below) read(next, timestamp, request);
    },
  ];
}
