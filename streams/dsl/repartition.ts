import { isNull } from '../operators/change.ts';
import { filter } from '../operators/stateless.ts';
import type { Serde } from '../serdes/serde.ts';
import type { GraphBuilder, Origin } from './graph-builder.ts';

export interface RepartitionSpec<K, V> {
  /** Its topic is called so, with `-repartition` behind. */
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly partitions?: number | undefined;
  readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
  /** Left and outer joins have a use for records without a key; all others drop them here. Asked for each record. */
  readonly keepsNullKeys?: (() => boolean) | undefined;
}

const SUFFIX = '-repartition';
const GENERATED_NAME = /^KSTREAM.*-[0-9]{10}$/;

/** Uses up three numbers, as Kafka does even where it has no use for them. */
export const generatedNames = (graph: GraphBuilder) => ({
  sink: graph.newName('KSTREAM-SINK-'),
  filter: graph.newName('KSTREAM-FILTER-'),
  source: graph.newName('KSTREAM-SOURCE-'),
});

/** Sends a stream through a topic of its own, so that all records of a key meet in one task; answers the source that
 * reads it back. */
export function throughRepartition<K, V>(
  graph: GraphBuilder,
  parent: string,
  { name, key, value, partitions, partitioner, keepsNullKeys = () => false }: RepartitionSpec<K, V>,
): Origin<K, V> {
  const topic = name.endsWith(SUFFIX) ? name : `${name}${SUFFIX}`;
  const generated = generatedNames(graph);
  const names = GENERATED_NAME.test(name)
    ? generated
    : { sink: `${topic}-sink`, filter: `${topic}-filter`, source: `${topic}-source` };
  graph.topology.addInternalTopic({ name: topic, partitions });
  const passes = filter<K, V>((recordKey) => keepsNullKeys() || !isNull(recordKey));
  graph.addProcessor(names.filter, [parent], passes);
  graph.addSink(names.sink, names.filter, topic, { key, value, partitioner });
  graph.addSource(names.source, [topic], { key, value });
  return { graph, node: names.source, sources: [names.source], key, value };
}
