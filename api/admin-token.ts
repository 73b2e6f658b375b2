import { type ConfigProjection, tokenByHash, tokenId } from '../config/index.ts';
import type { ConfigCommands } from '../topologies/config/index.ts';
import { tokenHash } from './http/auth.ts';
import type { ApiIds } from './ids.ts';

export interface AdminTokenOptions {
  /** Must be caught up. */
  readonly projection: ConfigProjection;
  readonly commands: Pick<ConfigCommands, 'submit'>;
  readonly ids: ApiIds;
  readonly clock: { now(): number };
  /** What SIGNAL_ADMIN_TOKEN says. */
  readonly given?: string | undefined;
}

/**
 * Sees to it that somebody can log in: the given token is made a live one, or, if none is given and there is no
 * token at all, one is made. Resolves with the one that was made: print it, it is nowhere else.
 */
export async function ensureAdminToken(options: AdminTokenOptions): Promise<string | undefined> {
  const { projection, ids, given } = options;
  if (given !== undefined && given !== '') {
    const hash = tokenHash(given);
    const isLive = (): boolean => tokenByHash(projection.current, hash) !== undefined;
    if (isLive()) return undefined;
    // Command ids are shown to whoever reads the audit trail; the whole hash is not.
    await create(
      options,
      `SIGNAL_ADMIN_TOKEN ${hash.slice(0, 8)}`,
      hash,
      `given-admin-token-${hash.slice(0, 16)}`,
    );
    if (!isLive()) throw new Error('the token in SIGNAL_ADMIN_TOKEN was revoked; set another one');
    return undefined;
  }
  if (projection.current.tokens.size > 0) return undefined;
  const token = ids.apiToken();
  const hash = tokenHash(token);
  await create(options, 'First admin token', hash, 'first-admin-token');
  return tokenByHash(projection.current, hash) === undefined ? undefined : token;
}

/** One command id for all processes that start together: what the first one made is the token. */
async function create(
  { commands, ids, clock }: AdminTokenOptions,
  name: string,
  hash: string,
  commandId: string,
): Promise<void> {
  const result = await commands.submit({
    commandId,
    resourceId: ids.resource(tokenId.prefix),
    expectedVersion: null,
    time: clock.now(),
    actor: { kind: 'system', id: 'system', name: null, ip: null },
    reason: null,
    payload: { 'signal.config.CreateToken': { name, tokenHash: hash, scopes: ['admin'], expiresAt: null } },
  });
  if (result.kind === 'rejected')
    throw new Error(`no admin token could be made: ${result.rejection.message}`);
}
