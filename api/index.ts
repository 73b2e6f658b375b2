/** The management API. */
export { type AccessControl, type AccessControlOptions, startAccessControl } from './access-control.ts';
export { type AdminTokenOptions, ensureAdminToken } from './admin-token.ts';
export { buildApi } from './api.ts';
export * from './audit/index.ts';
export type { ApiContext, ApiDeps } from './deps.ts';
export { API_ERRORS, type ApiErrorCode } from './errors.ts';
export { type EventFilter, type EventView, eventsPage } from './history/index.ts';
export { type ApiIds, randomIds } from './ids.ts';
export { EventLineage, type EventLineageOptions } from './lineage/index.ts';
export { OidcLogin, type OidcSettings, parseRoleMapping } from './oidc/index.ts';
export type { ConfigDifference } from './routes/config-diff.ts';
export {
  decrypt,
  deriveKey,
  destroyForgotten,
  encrypt,
  loadOrCreateMasterKey,
  parseMasterKey,
  SECRET_ERRORS,
  SecretError,
  type SecretErrorCode,
  SecretVault,
  topicsOfSecrets,
  type VaultOptions,
} from './secrets/index.ts';
