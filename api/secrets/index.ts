export { decrypt, encrypt } from './cipher.ts';
export { SECRET_ERRORS, SecretError, type SecretErrorCode } from './errors.ts';
export { destroyForgotten, secretsOf } from './forgotten.ts';
export { loadOrCreateMasterKey, parseMasterKey } from './master-key.ts';
export { deriveKey, type SealedSecret, SecretVault, topicsOfSecrets, type VaultOptions } from './vault.ts';
