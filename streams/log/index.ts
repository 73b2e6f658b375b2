export { type EmbeddedLogOptions, openEmbeddedLog } from './embedded/index.ts';
export { LOG_ERRORS, LogError, type LogErrorCode } from './errors.ts';
export { type KafkaLogOptions, openKafkaLog } from './kafka/index.ts';
export * from './log.ts';
export { murmur2, partitionForKey } from './partitioner.ts';
