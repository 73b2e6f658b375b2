import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type CommandPayload, type ConfigState, isRejectionCode, repeatableId } from '../config/index.ts';
import type { CommandRejected, ConfigCommand } from '../schemas/index.ts';
import { canonical } from './canonical.ts';
import type { ApiContext } from './deps.ts';
import { ApiError, apiError, rejectedBy, validationFailed } from './errors.ts';
import { callerOf } from './http/caller.ts';

export interface Change {
  readonly resourceId: string;
  readonly payload: CommandPayload;
  /** The answer holds a secret that is kept nowhere, so it cannot be given again. */
  readonly answersOnce?: boolean;
}

/** What a change made of the configuration. */
export interface Changed {
  /** Of a creation that was asked for again: what the first one created. */
  readonly resourceId: string;
  /** Right before and right after it, whatever has happened since. The same where there was nothing to change. */
  readonly before: ConfigState;
  readonly state: ConfigState;
}

/** Paths in the request by the command's own field names, where they differ in more than their case. */
export type FieldPaths = Readonly<Record<string, string>>;

/** Of fields that travel in headers. */
const HEADERS: FieldPaths = {
  reason: 'x-change-reason',
  expectedVersion: 'if-match',
  configVersion: 'if-match',
  commandId: 'idempotency-key',
};

/**
 * Has a change decided on behalf of the request's caller. Resolves when the projection shows it, also where there was
 * nothing to change; throws the API's error if it was refused or its fate is unknown.
 *
 * `If-Match` makes it conditional. With an `Idempotency-Key`, the same request again is the same command again, and
 * is answered as the first time; another one is refused.
 */
export async function submitChange(
  context: ApiContext,
  request: FastifyRequest,
  change: Change,
  paths: FieldPaths = {},
): Promise<Changed> {
  const { commands, projection } = context;
  const command = commandOf(context, request, change);
  const result = await commands.submit(command);
  if (result.kind === 'rejected') {
    const { rejection } = result;
    if (rejection.code !== 'NOTHING_CHANGED')
      return refuse(context, request, change.resourceId, rejection, (field) => pathOf(field, paths));
    return { resourceId: change.resourceId, before: projection.current, state: projection.current };
  }
  const { firstSequence, lastSequence } = result;
  const [last] = projection.headsBetween(lastSequence, lastSequence + 1);
  const resourceId = last?.resourceId ?? change.resourceId;
  if (change.answersOnce === true && (resourceId !== change.resourceId || last?.time !== command.time))
    throw apiError('ALREADY_ANSWERED', resourceId);
  return { resourceId, before: projection.at(firstSequence - 1), state: projection.at(lastSequence) };
}

/** The change as a command of the request's caller. `attempt`: counts those of one request. */
export function commandOf(
  { ids, clock, secrets }: Pick<ApiContext, 'ids' | 'clock' | 'secrets'>,
  request: FastifyRequest,
  { resourceId, payload }: Pick<Change, 'resourceId' | 'payload'>,
  attempt = 1,
): ConfigCommand {
  const { kind, id, name } = callerOf(request);
  return {
    commandId: repeatable(request, attempt, secrets) ?? ids.uuid(),
    resourceId,
    expectedVersion: expectedVersionOf(request),
    time: clock.now(),
    actor: { kind, id, name, ip: request.ip },
    reason: reasonOf(request),
    payload,
  };
}

/** Records that a command was rejected, and throws the API's error. `pathFor`: where its fields are in the request. */
export async function refuse(
  context: Pick<ApiContext, 'recordAccess'>,
  request: FastifyRequest,
  resourceId: string,
  { code, message, field, currentVersion }: CommandRejected,
  pathFor: (field: string) => string,
): Promise<never> {
  await context.recordAccess(request, { action: 'command.rejected', resourceId, code, detail: message });
  if (!isRejectionCode(code)) throw new ApiError('UNKNOWN_COMMAND', 422, message);
  const path = field === null ? undefined : (HEADERS[field] ?? pathFor(field));
  throw rejectedBy(code, message, path, currentVersion);
}

const MAX_REASON = 500;

/** `X-Change-Reason`, kept with the change for ever. */
function reasonOf(request: FastifyRequest): string | null {
  const header = request.headers['x-change-reason'];
  const text = typeof header === 'string' ? asSent(header).trim() : '';
  // Whole characters: half of one is none.
  return text === '' ? null : [...text].slice(0, MAX_REASON).join('');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Node reads headers as Latin-1; people's terminals and programs write UTF-8. */
function asSent(header: string): string {
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

/** `If-Match: "3"`, as `ETag` said it; `*` asks for no version in particular. */
export function expectedVersionOf(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return null;
  const version = /^"(0|[1-9][0-9]{0,14})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  const message = 'Expected one version as ETag says it, such as "3"';
  throw validationFailed([{ path: 'if-match', code: 'INVALID', message }]);
}

/**
 * A command id that is the same when the same caller asks the same with the same `Idempotency-Key`. Ids are shown to
 * auditors, and a body may hold a secret: what it said is told by a fingerprint with a key, as secrets are.
 */
function repeatable(
  request: FastifyRequest,
  attempt: number,
  secrets: Pick<ApiContext['secrets'], 'fingerprint'>,
): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw validationFailed([
      { path: 'idempotency-key', code: 'INVALID', message: 'Expected 1 to 200 characters without blanks' },
    ]);
  const { kind, id } = callerOf(request);
  const [path] = request.url.split('?');
  const text = JSON.stringify([kind, id, key, request.method, path, ...(attempt === 1 ? [] : [attempt])]);
  const said = canonical([request.query, request.body ?? null]);
  return repeatableId(
    createHash('sha256').update(text).digest('hex'),
    secrets.fingerprint(said).slice('fp_'.length),
  );
}

/** Below these stand words of the callers' own. */
export const CALLERS_WORDS: ReadonlySet<string> = new Set([
  'settings',
  'secrets',
  'fingerprints',
  'categories',
  'mappings',
  'rules',
  'parameters',
]);

/** `collector.linkedDomains.0` → `collector.linked_domains.0`. */
export function pathOf(field: string, paths: FieldPaths = {}): string {
  const parts = field.split('.');
  const own = parts.findIndex((part) => CALLERS_WORDS.has(part));
  return parts
    .map((part, index) => {
      if (own !== -1 && index > own) return part;
      return (index === 0 ? paths[part] : undefined) ?? snakeCase(part);
    })
    .join('.');
}

export const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
