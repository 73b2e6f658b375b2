import { isRole, type Role } from '../config/index.ts';

/** What a route can ask for. Every route under /v1/admin names one. */
export const PERMISSIONS = [
  'sources:read',
  'sources:write',
  'sources:delete',
  'integrations:read',
  'integrations:write',
  'integrations:delete',
  /** To approve and publish what others drafted. */
  'revisions:publish',
  'pipelines:read',
  'pipelines:write',
  'pipelines:delete',
  'consent:read',
  'consent:write',
  'settings:read',
  'settings:write',
  'users:read',
  'users:write',
  'tokens:read',
  'tokens:write',
  /** To give and take the role of owner. */
  'owners:write',
  /** The audit trail and the configuration as a whole: events without what is secret in them, differences, proofs. */
  'config:read',
  /** The audit trail byte by byte, as it takes to verify it: hashes of tokens and sealed secrets are in it. */
  'config:export',
  /** To replace the configuration as a whole. */
  'config:write',
  'access-log:read',
  /** What people did: personal data. */
  'events:read',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** What describes the collection and delivery of events, but neither people nor who did what. */
const SETUP = ['sources:read', 'integrations:read', 'pipelines:read', 'consent:read'] as const;

const VIEWER = [...SETUP, 'events:read'] as const satisfies readonly Permission[];

const EDITOR = [
  ...VIEWER,
  'sources:write',
  'integrations:write',
  'pipelines:write',
  'pipelines:delete',
] as const satisfies readonly Permission[];

/**
 * The one table of who may do what. A token has scopes: each is one of these roles or a single permission.
 *
 * An auditor reads everything except what people did: checking who changed what needs no personal data. One who has
 * to see events as well is given a token with the scope `events:read`. What only looks on, such as a dashboard, is
 * given `config:read` alone, which shows nothing that could be tried to be guessed.
 */
const GRANTS: { readonly [R in Role]: readonly Permission[] } = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== 'owners:write'),
  editor: EDITOR,
  viewer: VIEWER,
  auditor: PERMISSIONS.filter(
    (permission) => /:(read|export)$/.test(permission) && permission !== 'events:read',
  ),
};

const isPermission = (text: string): text is Permission =>
  PERMISSIONS.some((permission) => permission === text);

/** What roles and single permissions, by their names, permit together. A name unknown here permits nothing. */
export function permissionsOf(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(
    scopes.flatMap((scope) => (isRole(scope) ? GRANTS[scope] : isPermission(scope) ? [scope] : [])),
  );
}
