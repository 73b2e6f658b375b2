import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ConfigProjection, tokenByHash } from '../../config/index.ts';
import type { RecordAccess } from '../access/index.ts';
import { apiError } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import { type Caller, callerOf, callerWithToken, setCaller } from './caller.ts';

/** What a route asks of a caller: a permission; that somebody is logged in, whoever it is; or nothing at all. */
export type Access = Permission | 'logged-in' | 'anyone';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller needs for this route of the management API. */
    readonly permission?: Access;
  }
}

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Tells who presents a token. Throws the API's error if nobody may with this one. */
export type Authenticate = (presented: string) => Promise<Caller>;

/** Refuses what a caller lacks the permission for. Resolves never: it throws the API's error. */
export type Forbid = (request: FastifyRequest, lacking: string) => Promise<never>;

/** Records what was refused, before it is. */
export const forbidder =
  (recordAccess: RecordAccess): Forbid =>
  async (request, lacking) => {
    const { method, routeOptions } = request;
    const about: unknown = Object.values(Object(request.params))[0];
    await recordAccess(request, {
      action: 'access.denied',
      resourceId: typeof about === 'string' ? about : null,
      code: 'FORBIDDEN',
      detail: `${method} ${routeOptions.url ?? ''}: ${lacking} is needed`,
    });
    throw apiError('FORBIDDEN', lacking);
  };

/**
 * Lets nobody past without a live token that permits what the route asks for. A route that asks for nothing does not
 * start: forgetting a permission must not open a door.
 *
 * Who calls is told in `onRequest`, so that the rate limit knows; whoever may not is refused after that, so that
 * refusals count as well, and before a body is read.
 */
export function requireTokens(app: FastifyInstance, authenticate: Authenticate, forbid: Forbid): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) throw new Error(`${route.url} asks for no permission`);
  });
  const refused = new WeakMap<FastifyRequest, unknown>();
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.permission === 'anyone') return;
    try {
      setCaller(request, await authenticate(bearerOf(request)));
    } catch (error) {
      refused.set(request, error);
    }
  });
  app.addHook('preParsing', async (request) => {
    const { permission } = request.routeOptions.config;
    if (permission === 'anyone') return;
    if (refused.has(request)) throw refused.get(request);
    const { permissions } = callerOf(request);
    if (permission === 'logged-in') return;
    if (permission === undefined || !permissions.has(permission)) await forbid(request, permission ?? 'more');
  });
}

function bearerOf(request: FastifyRequest): string {
  const { authorization } = request.headers;
  const presented = authorization === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (presented === undefined) throw apiError('MISSING_TOKEN');
  return presented;
}

/** Who presents an API token. */
export function tokenHolder(
  presented: string,
  config: Pick<ConfigProjection, 'current'>,
  now: number,
): Caller {
  // Looking a hash up tells by its timing at most something about hashes, from which no token can be made; the
  // comparison is for the day when the lookup is by something weaker.
  const hash = tokenHash(presented);
  const token = tokenByHash(config.current, hash);
  if (token === undefined || !timingSafeEqual(Buffer.from(token.hash), Buffer.from(hash)))
    throw apiError('INVALID_TOKEN');
  if (token.expiresAt !== null && token.expiresAt <= now) throw apiError('EXPIRED_TOKEN');
  return callerWithToken(token);
}
