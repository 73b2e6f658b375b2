/** The audit of the config log: its exports, their verification, the key that signs it, and where that is published. */
export { ConfigAudit, type ConfigAuditOptions } from './config-audit.ts';
export { toAvro } from './formats/avro.ts';
export { toCsv } from './formats/csv.ts';
export type { ConfigExport, ExportedEvent } from './formats/export.ts';
export { toNdjson } from './formats/ndjson.ts';
export {
  loadCheckpointKey,
  loadOrCreateCheckpointKey,
  newCheckpointKey,
  parseCheckpointKey,
  parsePublicKey,
} from './key-file.ts';
export { directoryPublisher } from './publishers/directory.ts';
export { type ObjectStore, objectStorePublisher } from './publishers/object-store.ts';
export { webhookPublisher } from './publishers/webhook.ts';
export { type ExportToVerify, type VerifiedExport, verifyExport } from './verify-export.ts';
