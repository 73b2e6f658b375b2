import type { ConfigProjection } from '../../config/index.ts';
import { apiError } from '../errors.ts';
import { looksLikeJwt, type Sessions } from '../logins/index.ts';
import { type Authenticate, tokenHolder } from './auth.ts';
import { callerWithRole } from './caller.ts';

/** Knows both kinds of token: of the API, and of logins. */
export function authenticator(deps: {
  readonly projection: Pick<ConfigProjection, 'current'>;
  readonly sessions: Pick<Sessions, 'authenticate'>;
  readonly clock: { now(): number };
}): Authenticate {
  const { projection, sessions, clock } = deps;
  return async (presented) => {
    // An API token that somebody chose may look like anything.
    if (!looksLikeJwt(presented)) return tokenHolder(presented, projection, clock.now());
    const outcome = await sessions.authenticate(presented);
    if (outcome.kind === 'user') return callerWithRole(outcome.user);
    if (outcome.code === 'INVALID_TOKEN') return tokenHolder(presented, projection, clock.now());
    throw apiError(outcome.code);
  };
}
