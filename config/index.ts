/**
 * The configuration's domain, pure: commands are decided into events, events fold into states.
 */
export type {
  Catalog,
  CatalogField,
  CatalogVariant,
  CatalogVendor,
} from './catalog.ts';
export { type Decision, decide } from './decide.ts';
export type { EventHead } from './event-history.ts';
export { evolve, fold, type ShownEvent, showEvent } from './evolve.ts';
export {
  CONFIG_ID,
  CONSENT_ID,
  type IntegrationId,
  integrationId,
  type PipelineId,
  pipelineId,
  SETTINGS_ID,
  type SourceId,
  sourceId,
  type TokenId,
  tokenId,
  type UserId,
  userId,
} from './ids.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { compileJsonPath } from './json-path.ts';
export type { DecideDeps } from './kind.ts';
export * from './merkle/index.ts';
export { nameKey } from './names.ts';
export type { CommandPayload } from './payload.ts';
export {
  type ConfigListener,
  ConfigProjection,
  NotYetApplied,
  SequenceGap,
  SnapshotDiffers,
} from './projection.ts';
export { isRejectionCode, REJECTIONS, type Rejection, type RejectionCode, reject } from './rejections.ts';
export { isRepeat, repeatableId, repeatKey } from './repeats.ts';
export {
  CONSENT_POLICIES,
  type ConsentPolicy,
  type ConsentRules,
  DEFAULT_CONSENT,
} from './resources/consent.ts';
export {
  type Integration,
  latestRevision,
  type Revision,
  type RevisionStatus,
  revisionOf,
} from './resources/integration.ts';
export type { Pipeline } from './resources/pipeline.ts';
export type { Resource } from './resources/resource.ts';
export { MAX_DEDUPLICATION_HOURS, type Settings } from './resources/settings.ts';
export { pipelineKeyOf, type SigningSecret, type Source } from './resources/source.ts';
export * from './resources/source-settings.ts';
export type { Token } from './resources/token.ts';
export { isRole, ROLES, type Role, type User, type UserStatus } from './resources/user.ts';
export { type GivenSecrets, settingProblems } from './settings.ts';
export { readSnapshot, writeSnapshot } from './snapshot.ts';
export { isOrigin, UNCHANGED_SETTINGS } from './source-settings.ts';
export {
  type ConfigState,
  EMPTY_STATE,
  enabledPipelinesOf,
  pipelinesOf,
  sourceByPipelineKey,
  sourceByScriptFilename,
  tokenByHash,
  userByEmail,
} from './state.ts';
