import type { FastifyRequest } from 'fastify';
import type { Token, User } from '../../config/index.ts';
import { type Permission, permissionsOf } from '../permissions.ts';

/** Who a request speaks for. */
export interface Caller {
  readonly kind: 'user' | 'token';
  readonly id: string;
  /** The name of a token, the email address of a user. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

export const callerWithToken = ({ id, name, scopes }: Token): Caller => ({
  kind: 'token',
  id,
  name,
  permissions: permissionsOf(scopes),
});

export const callerWithRole = ({ id, email, role }: User): Caller => ({
  kind: 'user',
  id,
  name: email,
  permissions: permissionsOf([role]),
});

const callers = new WeakMap<FastifyRequest, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** There is one in every handler of a route that asks for a permission. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('the route is outside of what requires a token');
  return caller;
}

/** As `callerOf`, where there may be none: in a request that was refused, or needs no token. */
export const callerIfAny = (request: FastifyRequest): Caller | undefined => callers.get(request);
