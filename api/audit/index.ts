/** The audit of logs that are signed: its exports, their verification, the key that signs them, and where that is published. */
export { AUDITED_ACCESS, AUDITED_CONFIG, accessLogName } from './audited-logs.ts';
export { toAvro } from './formats/avro.ts';
export { toCsv } from './formats/csv.ts';
export type { AuditedLog, ExportedEvent, LogExport } from './formats/export.ts';
export { toNdjson } from './formats/ndjson.ts';
export {
  loadCheckpointKey,
  loadOrCreateCheckpointKey,
  newCheckpointKey,
  parseCheckpointKey,
  parsePublicKey,
} from './key-file.ts';
export { accessAudit, configAudit, LogAudit, type LogAuditOptions } from './log-audit.ts';
export { directoryPublisher } from './publishers/directory.ts';
export { type ObjectStore, objectStorePublisher } from './publishers/object-store.ts';
export { webhookPublisher } from './publishers/webhook.ts';
export { type ExportToVerify, type VerifiedExport, verifyExport } from './verify-export.ts';
