import type { TableView } from '../operators/change.ts';
import { StreamTableJoin } from '../operators/stream-table-join.ts';
import type { GlobalKTable } from './global-ktable.ts';
import { requireSerde } from './graph-builder.ts';
import { KStream, type StreamOrigin } from './kstream.ts';
import type { KTable } from './ktable.ts';
import type { Joined, Named } from './options.ts';
import { generatedNames, throughRepartition } from './repartition.ts';

export function joinTable<K, V, VT, VR>(
  stream: KStream<K, V>,
  table: KTable<K, VT>,
  joiner: (value: V, row: VT, key: K) => VR,
  left: boolean,
  options: Joined<K, V> = {},
): KStream<K, VR> {
  const input = withOwnPartitions(stream, options.name, options, left);
  const { graph } = input;
  const name = graph.nameOf(left ? 'KSTREAM-LEFTJOIN-' : 'KSTREAM-JOIN-', options);
  const sources = graph.copartition(name, input, table.origin);
  const view = table.origin.table.view();
  const supplier = joinerOf<K, V, K, VT, VR>(view, (key) => key, joiner, left);
  graph.addProcessor(name, [input.node], supplier, { stores: view.stores, keysAfter: 'same' });
  return new KStream({ ...input, node: name, sources, value: undefined });
}

export function joinGlobalTable<K, V, KT, VT, VR>(
  stream: KStream<K, V>,
  table: GlobalKTable<KT, VT>,
  selector: (key: K, value: V) => KT | null,
  joiner: (value: V, row: VT, key: K) => VR,
  left: boolean,
  named?: Named,
): KStream<K, VR> {
  const { graph, node } = stream.origin;
  // Kafka calls an inner one so, too.
  const name = graph.nameOf('KSTREAM-LEFTJOIN-', named);
  const supplier = joinerOf<K, V, KT, VT, VR>(table.view, selector, joiner, left);
  graph.addProcessor(name, [node], supplier, { keysAfter: 'same' });
  return new KStream({ ...stream.origin, node: name, value: undefined });
}

/** A stream behind a repartition topic, as its joins read it. */
export interface JoinInput<K, V> {
  readonly origin: StreamOrigin<K, V>;
  keepsNullKeys: boolean;
}

/** The stream itself, or behind a repartition topic if its keys may have changed. Joins that give the topic no name
 * share one. */
export function withOwnPartitions<K, V>(
  stream: KStream<K, V>,
  topicName: string | undefined,
  serdes: Joined<K, V>,
  keepsNullKeys: boolean,
): StreamOrigin<K, V> {
  const { origin } = stream;
  if (!origin.rekeyed) return origin;
  if (topicName === undefined && stream.joinInput !== undefined) {
    generatedNames(origin.graph);
    stream.joinInput.keepsNullKeys ||= keepsNullKeys;
    return stream.joinInput.origin;
  }
  const name = topicName ?? origin.node;
  const source = throughRepartition(origin.graph, origin.node, {
    name,
    key: requireSerde(name, 'key', serdes.key, origin.key),
    value: requireSerde(name, 'value', serdes.value, origin.value),
    keepsNullKeys: () => input.keepsNullKeys,
  });
  const input: JoinInput<K, V> = { origin: { ...source, rekeyed: false }, keepsNullKeys };
  if (topicName === undefined) stream.joinInput = input;
  return input.origin;
}

/** A left join's joiner takes null for the row, as its public signature says. */
const joinerOf =
  <K, V, KT, VT, VR>(
    view: TableView<KT, VT>,
    keyOf: (key: K, value: V) => KT | null,
    joiner: (value: V, row: VT, key: K) => VR,
    left: boolean,
  ) =>
  () =>
    new StreamTableJoin<K, V, KT, VT, VR>(
      view,
      keyOf,
      (value, row, key) => joiner(value, row as VT, key),
      left,
    );
