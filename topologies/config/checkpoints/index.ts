/** Checkpoints of a log that is signed: making them, keeping them, and verifying the log against them. */
export { Checkpointer, type CheckpointerOptions } from './checkpointer.ts';
export { CHECKPOINT_ERRORS, CheckpointError, type CheckpointErrorCode } from './errors.ts';
export type { SignedCheckpoint } from './known-checkpoints.ts';
export type { CheckpointPublisher, PublishedCheckpoint } from './publishing.ts';
export { CONFIG_LOG, type SignedLog } from './signed-log.ts';
export { readCheckpoints, type StoredCheckpoint } from './stored-checkpoint.ts';
export { type StoredLog, verifyStoredLog } from './verify-stored.ts';
export { type ReadRecord, type WriterSchema, WriterSchemas } from './writer-schemas.ts';
