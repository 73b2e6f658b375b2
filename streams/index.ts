export { StreamsApp, type StreamsAppOptions, type StreamsState } from './app/streams-app.ts';
export { KStream } from './dsl/kstream.ts';
export type { Consumed, Named, ProcessOptions, Produced } from './dsl/options.ts';
export { StreamsBuilder } from './dsl/streams-builder.ts';
export { ProcessingError, TopologyError } from './errors.ts';
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
export { type KeyValueStore, type KeyValueStoreOptions, keyValueStore } from './state/key-value-store.ts';
export type { StoreBuilder } from './state/store.ts';
export { Suspend } from './suspend.ts';
export { TopologyTestDriver } from './testing/topology-test-driver.ts';
export type { TopicNameExtractor } from './topology/nodes.ts';
export { Topology } from './topology/topology.ts';
