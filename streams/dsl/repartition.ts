import { isNull } from '../operators/change.ts';
import { filter, passThrough } from '../operators/stateless.ts';
import type { Serde } from '../serdes/serde.ts';
import type { GraphBuilder, Origin } from './graph-builder.ts';

export interface RepartitionSpec<K, V> {
  /** Its topic is called so, with `-repartition` behind. */
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly partitions?: number | undefined;
  readonly partitioner?: ((key: K, value: V, partitions: number) => number) | undefined;
  /** Left and outer joins have a use for records without a key; all others drop them here. */
  readonly keepNullKeys?: boolean | undefined;
}

const SUFFIX = '-repartition';
const GENERATED_NAME = /^KSTREAM.*-[0-9]{10}$/;

/** Sends a stream through a topic of its own, so that all records of a key meet in one task; answers the source that
 * reads it back. */
export function throughRepartition<K, V>(
  graph: GraphBuilder,
  parent: string,
  { name, key, value, partitions, partitioner, keepNullKeys }: RepartitionSpec<K, V>,
): Origin<K, V> {
  const topic = name.endsWith(SUFFIX) ? name : `${name}${SUFFIX}`;
  const generated = {
    sink: graph.newName('KSTREAM-SINK-'),
    filter: graph.newName('KSTREAM-FILTER-'),
    source: graph.newName('KSTREAM-SOURCE-'),
  };
  const names = GENERATED_NAME.test(name)
    ? generated
    : { sink: `${topic}-sink`, filter: `${topic}-filter`, source: `${topic}-source` };
  graph.topology.addInternalTopic({ name: topic, partitions });
  const hasKey = filter<K, V>((recordKey) => !isNull(recordKey));
  graph.addProcessor(names.filter, [parent], keepNullKeys === true ? passThrough<K, V> : hasKey);
  graph.addSink(names.sink, names.filter, topic, { key, value, partitioner });
  graph.addSource(names.source, [topic], { key, value });
  return { graph, node: names.source, sources: [names.source], key, value };
}
