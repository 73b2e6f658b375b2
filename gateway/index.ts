export { trustOf } from './addresses.ts';
export { configuredSources } from './configured-sources.ts';
export { isCookieDomain } from './cookie-domain.ts';
export { GATEWAY_ERRORS, type GatewayErrorCode } from './errors.ts';
export { RAW_EVENTS_TOPIC } from './event-appender.ts';
export type { EventStore } from './event-store.ts';
export { buildGateway, type GatewayDeps } from './gateway.ts';
export type { CollectorScript, CollectorScripts } from './routes/collector-script.ts';
export { DEFAULT_GATEWAY_SETTINGS, type GatewaySettings } from './settings.ts';
export {
  type GatewaySnapshot,
  readSnapshot,
  type SnapshotSeal,
  schemaDigest,
  snapshotSources,
  takeSnapshot,
  writeSnapshot,
} from './snapshot.ts';
export type { GatewaySource, SourceDirectory } from './sources.ts';
export * from './spool/index.ts';
