import { TOKEN_SCOPES, type Token, type TokenScope } from '../config/index.ts';

/** What a route can ask for. Every route under /v1/admin names one. */
export const PERMISSIONS = [
  'sources:read',
  'sources:write',
  'integrations:read',
  'integrations:write',
  'pipelines:read',
  'pipelines:write',
  'config:read',
  'events:read',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The one table of who may do what. */
const GRANTS: { readonly [S in TokenScope]: readonly Permission[] } = {
  admin: PERMISSIONS,
};

export function permits(token: Token, permission: Permission): boolean {
  return TOKEN_SCOPES.some((scope) => token.scopes.includes(scope) && GRANTS[scope].includes(permission));
}
