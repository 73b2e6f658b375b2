import { passThrough } from '../operators/stateless.ts';
import { JoinWindow, LeftJoinSide, RightJoinSide, type StreamJoin } from '../operators/stream-stream-join.ts';
import type { JoinKind } from '../operators/table-join.ts';
import { joinTime, unmatchedCodec } from '../operators/unmatched.ts';
import { timeQueue } from '../state/time-queue.ts';
import { windowStore } from '../state/window-store.ts';
import { requireSerde } from './graph-builder.ts';
import { withOwnPartitions } from './join-table.ts';
import { KStream } from './kstream.ts';
import type { StreamJoined } from './options.ts';
import { checkJoinWindows, type JoinWindows } from './windows.ts';

/**
 * Each side's records are put into a window store after they were joined with what the other side's store holds;
 * records without a match wait in a third store, which both sides share. Names and wiring are Kafka's.
 */
export function joinStreams<K, V, VO, VR>(
  leftStream: KStream<K, V>,
  rightStream: KStream<K, VO>,
  joiner: (left: V, right: VO, key: K) => VR,
  kind: JoinKind,
  windows: JoinWindows,
  options: StreamJoined<K, V, VO> = {},
): KStream<K, VR> {
  const leftOuter = kind !== 'inner';
  const rightOuter = kind === 'outer';
  const base = options.name;
  const topicName = (side: string) => (base === undefined ? undefined : `${base}-${side}`);
  const left = withOwnPartitions(leftStream, topicName('left'), options, leftOuter);
  const rightSerdes = { key: options.key, value: options.otherValue };
  const right = withOwnPartitions(rightStream, topicName('right'), rightSerdes, rightOuter);
  const { graph } = left;
  const named = (suffix: string, generated: string): string =>
    base === undefined ? generated : `${base}${suffix}`;
  const newName = (suffix: string, prefix: string): string =>
    base === undefined ? graph.newName(prefix) : `${base}${suffix}`;

  const thisWindowed = newName('-this-windowed', 'KSTREAM-WINDOWED-');
  const otherWindowed = newName('-other-windowed', 'KSTREAM-WINDOWED-');
  const generatedThis = graph.newName(rightOuter ? 'KSTREAM-OUTERTHIS-' : 'KSTREAM-JOINTHIS-');
  const generatedOther = graph.newName(leftOuter ? 'KSTREAM-OUTEROTHER-' : 'KSTREAM-JOINOTHER-');
  const thisSuffix = rightOuter ? '-outer-this-join' : '-this-join';
  const otherSuffix = leftOuter ? '-outer-other-join' : '-other-join';
  const joinThis = named(thisSuffix, generatedThis);
  const joinOther = named(otherSuffix, generatedOther);
  const merge = newName('-merge', 'KSTREAM-MERGE-');
  checkJoinWindows(merge, windows);
  const sources = graph.copartition(merge, left, right);

  const storeName = (suffix: string, generated: string): string =>
    options.store === undefined ? generated : `${options.store}${suffix}`;
  const unmatched = storeName(
    rightOuter ? '-outer-shared-join' : '-left-shared-join',
    `KSTREAM-OUTERSHARED-${generatedThis.slice(-10)}`,
  );
  const key = requireSerde(merge, 'key', options.key, left.key, right.key);
  const leftValue = requireSerde(merge, 'value', options.value, left.value);
  const rightValue = requireSerde(merge, 'value', options.otherValue, right.value);
  const { beforeMs, afterMs, graceMs = 0 } = windows;
  const window = {
    key,
    windowSizeMs: beforeMs + afterMs,
    retentionMs: beforeMs + afterMs + graceMs,
    retainDuplicates: true,
    persistent: options.persistent,
    logging: options.logging,
  };
  const join: StreamJoin<K, V, VO, VR> = {
    windows,
    key,
    // The public signatures say which side may be null.
    joiner: (l, r, k) => joiner(l as V, r as VO, k),
    leftOuter,
    rightOuter,
    leftStore: `${storeName(thisSuffix, generatedThis)}-store`,
    rightStore: `${storeName(otherSuffix, generatedOther)}-store`,
    timeStore: `${merge}-time`,
    unmatchedStore: leftOuter ? `${unmatched}-store` : undefined,
  };
  graph.addStore(windowStore({ ...window, name: join.leftStore, value: leftValue }));
  graph.addStore(windowStore({ ...window, name: join.rightStore, value: rightValue }));
  graph.addStore(joinTime(join.timeStore));
  if (join.unmatchedStore !== undefined) {
    const { persistent, logging } = options;
    const codec = unmatchedCodec(leftValue, rightValue);
    graph.addStore(timeQueue({ name: join.unmatchedStore, codec, persistent, logging }));
  }
  const shared = join.unmatchedStore === undefined ? [join.timeStore] : [join.timeStore, join.unmatchedStore];
  // What a side puts is read by the other side only.
  const putOnly = { keysAfter: 'same', reads: () => {} } as const;
  graph.addProcessor(thisWindowed, [left.node], () => new JoinWindow<K, V>(join.leftStore), {
    stores: [join.leftStore],
    ...putOnly,
  });
  graph.addProcessor(otherWindowed, [right.node], () => new JoinWindow<K, VO>(join.rightStore), {
    stores: [join.rightStore],
    ...putOnly,
  });
  graph.addProcessor(joinThis, [thisWindowed], () => new LeftJoinSide(join), {
    stores: [join.rightStore, ...shared],
    keysAfter: 'same',
  });
  graph.addProcessor(joinOther, [otherWindowed], () => new RightJoinSide(join), {
    stores: [join.leftStore, ...shared],
    keysAfter: 'same',
  });
  graph.addProcessor(merge, [joinThis, joinOther], passThrough<K, VR>, { keysAfter: 'same' });
  return new KStream({ graph, node: merge, sources, key, value: undefined, rekeyed: false });
}
