export { SECRET_ERRORS, SecretError, type SecretErrorCode } from './errors.ts';
export { destroyForgotten, secretsOf } from './forgotten.ts';
export { loadOrCreateMasterKey, parseMasterKey } from './master-key.ts';
export { type SealedSecret, SecretVault, topicsOfSecrets, type VaultOptions } from './vault.ts';
