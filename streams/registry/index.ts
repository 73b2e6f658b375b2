export { REGISTRY_ERRORS, RegistryError, type RegistryErrorCode } from './errors.ts';
export { registryRoutes } from './http/routes.ts';
export { COMPATIBILITY_LEVELS, type CompatibilityLevel } from './levels.ts';
export { SCHEMAS_TOPIC } from './records.ts';
export { Registry, type RegistryOptions } from './registry.ts';
export { SchemaStore } from './schema-store.ts';
export { type RegistryServer, type RegistryServerOptions, startRegistry } from './server.ts';
