import type { FastifyRequest } from 'fastify';
import { type CommandPayload, isRejectionCode } from '../config/index.ts';
import type { ApiContext } from './deps.ts';
import { ApiError, rejectedBy } from './errors.ts';
import { callerOf } from './http/caller.ts';

export interface Change {
  readonly resourceId: string;
  readonly payload: CommandPayload;
}

/** Paths in the request by the command's own field names, where they differ in more than their case. */
export type FieldPaths = Readonly<Record<string, string>>;

/**
 * Has a change decided on behalf of the request's caller. Resolves when the projection shows it; throws the API's
 * error if it was refused or its fate is unknown.
 */
export async function submitChange(
  context: ApiContext,
  request: FastifyRequest,
  change: Change,
  paths: FieldPaths = {},
): Promise<void> {
  const caller = callerOf(request);
  const result = await context.commands.submit({
    commandId: context.ids.uuid(),
    resourceId: change.resourceId,
    expectedVersion: null,
    time: context.clock.now(),
    actor: { kind: caller.kind, id: caller.id, name: caller.name, ip: request.ip },
    reason: reasonOf(request),
    payload: change.payload,
  });
  if (result.kind === 'accepted') return;
  const { code, message, field } = result.rejection;
  await context.recordAccess(request, {
    action: 'command.rejected',
    resourceId: change.resourceId,
    code,
    detail: message,
  });
  if (!isRejectionCode(code)) throw new ApiError('UNKNOWN_COMMAND', 422, message);
  throw rejectedBy(code, message, field === null ? undefined : pathOf(field, paths));
}

const MAX_REASON = 500;

/** `X-Change-Reason`, kept with the change for ever. */
function reasonOf(request: FastifyRequest): string | null {
  const header = request.headers['x-change-reason'];
  const text = typeof header === 'string' ? header.trim() : '';
  return text === '' ? null : text.slice(0, MAX_REASON);
}

/** `consentCategories` → `consent_categories`; of a dotted path only the first part is the command's. */
export function pathOf(field: string, paths: FieldPaths = {}): string {
  const [head = '', ...rest] = field.split('.');
  return [paths[head] ?? snakeCase(head), ...rest].join('.');
}

export const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
