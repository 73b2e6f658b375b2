import { TopologyError } from '../errors.ts';
import type { ProcessorSupplier } from '../processor.ts';
import type { Serde } from '../serdes/serde.ts';
import type { StoreBuilder } from '../state/store.ts';
import { checkName } from '../topology/check-name.ts';
import type { Prefetching, TimestampExtractor, TopicNameExtractor } from '../topology/nodes.ts';
import { Topology } from '../topology/topology.ts';
import type { Consumed, Named, Serializer } from './options.ts';

/** What streams and tables of one builder know about where they come from. */
export interface Origin<K, V> {
  readonly graph: GraphBuilder;
  readonly node: string;
  /** Names of the sources it is made from: their topics are what a join must find co-partitioned. */
  readonly sources: readonly string[];
  /** Where they are known. */
  readonly key: Serde<K> | undefined;
  readonly value: Serde<V> | undefined;
}

type Located = Pick<Origin<unknown, unknown>, 'graph' | 'sources'>;

/** What the streams of one builder share: the topology they add themselves to, and the numbering of names. */
export class GraphBuilder {
  readonly topology = new Topology();
  private count = 0;

  /** The given name, else Kafka Streams' own: prefix and a ten-digit number in order of declaration. */
  nameOf(prefix: string, named?: Named): string {
    if (named?.name === undefined) return this.newName(prefix);
    checkName(named.name, 'operator', named.name);
    return named.name;
  }

  newName(prefix: string): string {
    return `${prefix}${String(this.count++).padStart(10, '0')}`;
  }

  storeName(prefix: string, given: string | undefined): string {
    return given ?? this.newName(`${prefix}STATE-STORE-`);
  }

  addSource<K, V>(name: string, topics: readonly string[], consumed: Consumed<K, V>): void {
    this.topology.addSource({
      name,
      topics,
      key: consumed.key,
      value: consumed.value,
      timestampExtractor: consumed.timestampExtractor as TimestampExtractor<unknown> | undefined,
    });
  }

  addProcessor<KIn, VIn, KOut, VOut>(
    name: string,
    parents: readonly string[],
    supplier: ProcessorSupplier<KIn, VIn, KOut, VOut>,
    options: Prefetching & { readonly stores?: readonly string[] } = {},
  ): void {
    const { stores = [], ...prefetching } = options;
    // The graph holds nodes of all types; the DSL's own signatures have checked that neighbours fit.
    const erased = supplier as ProcessorSupplier<unknown, unknown, unknown, unknown>;
    this.topology.addProcessor({ name, parents, supplier: erased, stores, prefetching });
  }

  addSink<K, V>(
    name: string,
    parent: string,
    topic: string | TopicNameExtractor<K, V>,
    written: {
      readonly key: Serializer<K>;
      readonly value: Serializer<V>;
      readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
    },
  ): void {
    this.topology.addSink({
      name,
      parents: [parent],
      topic: topic as string | TopicNameExtractor<unknown, unknown>,
      key: written.key,
      value: written.value,
      partitioner: written.partitioner as ((k: unknown, v: unknown, n: number) => number) | undefined,
    });
  }

  addStore<S>(builder: StoreBuilder<S>): void {
    this.topology.addStateStore(builder);
  }

  /** Checks that what is joined belongs together, and has its topics' partitions compared at start. */
  copartition(node: string, left: Located, right: Located): readonly string[] {
    if (left.graph !== right.graph)
      throw new TopologyError(node, 'its two sides belong to different builders');
    const sources = [...new Set([...left.sources, ...right.sources])];
    this.topology.addCopartition(node, sources);
    return sources;
  }
}

/** The first serde that is known; an operator that has to write cannot do without. */
export function requireSerde<S extends Serializer<never>>(
  node: string,
  what: 'key' | 'value',
  ...known: readonly (S | undefined)[]
): S {
  const serde = known.find((each) => each !== undefined);
  if (serde === undefined) {
    throw new TopologyError(
      node,
      `needs to write ${what}s and knows no serde for them; pass one as \`${what}\``,
    );
  }
  return serde;
}
