import type { FastifyRequest } from 'fastify';
import { callerIfAny } from '../http/caller.ts';
import type { AccessLog } from './access-log.ts';

/** What happened, besides who did it and when. */
export interface AccessEntry {
  readonly action: AccessAction;
  /** Whom it was about, for a request that has no caller yet; null: somebody unknown. */
  readonly user?: { readonly id: string; readonly email: string } | null;
  readonly resourceId?: string | null;
  readonly code?: string | null;
  readonly detail?: string | null;
}

export const ACCESS_ACTIONS = [
  'access.denied',
  'auth.login',
  'auth.login_failed',
  'auth.logout',
  'auth.token_reused',
  'command.rejected',
  'event.read',
] as const;

export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/** Writes down what a request did. Resolves when that is durable. */
export type RecordAccess = (request: FastifyRequest, entry: AccessEntry) => Promise<void>;

export function accessRecorder(log: Pick<AccessLog, 'record'>, clock: { now(): number }): RecordAccess {
  return async (request, { action, user, resourceId = null, code = null, detail = null }) => {
    const caller = callerIfAny(request);
    const { ip } = request;
    const actor =
      caller !== undefined
        ? { kind: caller.kind, id: caller.id, name: caller.name, ip }
        : user
          ? { kind: 'user' as const, id: user.id, name: user.email, ip }
          : null;
    const time = clock.now();
    await log.record({ action, time, actor, ip, resourceId, code, detail, requestId: request.id });
  };
}
