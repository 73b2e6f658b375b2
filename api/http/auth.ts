import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ConfigProjection, type Token, tokenByHash } from '../../config/index.ts';
import { apiError } from '../errors.ts';
import { type Permission, permits } from '../permissions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller needs for this route of the management API. */
    readonly permission?: Permission;
  }
}

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const callers = new WeakMap<FastifyRequest, Token>();

/** The token that a request came with; there is one in every handler under /v1/admin. */
export function callerOf(request: FastifyRequest): Token {
  const token = callers.get(request);
  if (token === undefined) throw new Error('the route is outside of what requires a token');
  return token;
}

/**
 * Lets nobody past without a live token that permits what the route asks for. A route that asks for nothing does not
 * start: forgetting a permission must not open a door.
 */
export function requireTokens(
  app: FastifyInstance,
  config: Pick<ConfigProjection, 'current'>,
  clock: { now(): number },
): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) throw new Error(`${route.url} asks for no permission`);
  });
  app.addHook('onRequest', async (request) => {
    const token = authenticate(request.headers.authorization, config, clock.now());
    const { permission } = request.routeOptions.config;
    if (permission === undefined || !permits(token, permission))
      throw apiError('FORBIDDEN', permission ?? 'more');
    callers.set(request, token);
  });
}

function authenticate(
  header: string | undefined,
  config: Pick<ConfigProjection, 'current'>,
  now: number,
): Token {
  const presented = header === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (presented === undefined) throw apiError('MISSING_TOKEN');
  // Looking a hash up tells by its timing at most something about hashes, from which no token can be made; the
  // comparison is for the day when the lookup is by something weaker.
  const hash = tokenHash(presented);
  const token = tokenByHash(config.current, hash);
  if (token === undefined || !timingSafeEqual(Buffer.from(token.hash), Buffer.from(hash)))
    throw apiError('INVALID_TOKEN');
  if (token.expiresAt !== null && token.expiresAt <= now) throw apiError('EXPIRED_TOKEN');
  return token;
}
