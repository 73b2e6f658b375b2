export { changelogOf } from './app/internal-topics.ts';
export { StreamsApp, type StreamsAppOptions } from './app/streams-app.ts';
export { StreamsMetrics } from './app/streams-metrics.ts';
export { STREAMS_STATES, type StreamsState } from './app/streams-state.ts';
export type { BranchedStream } from './dsl/branched.ts';
export type { GlobalKTable } from './dsl/global-ktable.ts';
export type { KGroupedStream } from './dsl/kgrouped-stream.ts';
export type { KGroupedTable } from './dsl/kgrouped-table.ts';
export { KStream } from './dsl/kstream.ts';
export { KTable } from './dsl/ktable.ts';
export type {
  Consumed,
  Grouped,
  Joined,
  Materialized,
  Named,
  ProcessOptions,
  Produced,
  Repartitioned,
  StreamJoined,
  WindowMaterialized,
} from './dsl/options.ts';
export type { SessionWindowedKStream } from './dsl/session-windowed.ts';
export { StreamsBuilder, type TableOptions } from './dsl/streams-builder.ts';
export type { SuppressBuffer, Suppressed } from './dsl/suppressed.ts';
export type { TimeWindowedKStream } from './dsl/time-windowed.ts';
export { sessionWindowedSerde, timeWindowedSerde } from './dsl/windowed-serdes.ts';
export type { EmitStrategy, JoinWindows, SessionWindows, TimeWindows } from './dsl/windows.ts';
export { ProcessingError, type ProcessingStage, TopologyError } from './errors.ts';
export * from './log/index.ts';
export type {
  Cancellable,
  Processor,
  ProcessorContext,
  ProcessorSupplier,
  PunctuationType,
  Register,
} from './processor.ts';
export type { RecordContext, RecordMetadata, StreamRecord } from './record.ts';
export * from './registry/index.ts';
export * from './serdes/index.ts';
export type { ReadOnlyKeyValueStore } from './state/key-value-query.ts';
export {
  type KeyValueStore,
  type KeyValueStoreOptions,
  keyValueStore,
  type TimestampedKeyValueStore,
  timestampedKeyValueStore,
} from './state/key-value-store.ts';
export type { ReadOnlySessionStore } from './state/session-query.ts';
export { type SessionStore, type SessionStoreOptions, sessionStore } from './state/session-store.ts';
export type { StoreBuilder, StoreKind, StoreOptions } from './state/store.ts';
export type { ValueAndTimestamp } from './state/value-and-timestamp.ts';
export type { ReadOnlyWindowStore } from './state/window-query.ts';
export {
  type TimestampedWindowStore,
  timestampedWindowStore,
  type WindowStore,
  type WindowStoreOptions,
  windowStore,
} from './state/window-store.ts';
export { Suspend } from './suspend.ts';
export { deadLetter, type UnprocessableHandler } from './task/dead-letter.ts';
export {
  type StoreChange,
  type TestDriverOptions,
  type TestInput,
  type TestOutput,
  type TestRecord,
  TopologyTestDriver,
} from './testing/topology-test-driver.ts';
export type { TimestampExtractor, TopicNameExtractor } from './topology/nodes.ts';
export { Topology } from './topology/topology.ts';
export { type Window, type Windowed, windowed } from './windowed.ts';
