import type { FastifyRequest } from 'fastify';
import { CONFIG_ID, type ConfigState } from '../../config/index.ts';
import type { ConfigCommand } from '../../schemas/index.ts';
import { commandOf, expectedVersionOf, pathOf, refuse } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { ApiError, rejectedBy } from '../errors.ts';
import { secretsOf } from '../secrets/index.ts';
import { differences, pathsIn } from './differences.ts';
import type { ConfigFile } from './file.ts';
import { PIPELINE_FIELDS } from './pipelines.ts';
import { type Plan, planFile } from './plan.ts';

export interface Outcome extends Pick<Plan, 'differences' | 'unlisted' | 'notices'> {
  /** Of the configuration: what was planned from, or what applying led to. */
  readonly version: number;
}

/** How often the plan is made again because somebody else changed something meanwhile. */
const MAX_ATTEMPTS = 5;

/** What applying the file would change. Changes nothing. Throws what applying would be refused with. */
export async function planOnly(
  context: ApiContext,
  request: FastifyRequest,
  file: ConfigFile,
): Promise<Outcome> {
  const base = context.projection.current;
  const asked = expectedVersionOf(request);
  if (asked !== null && asked !== base.version) throw moved(base.version, asked);
  const command = setOfChanges(context, request, base, 1);
  return { ...(await plan(context, command, base, file, async () => '')), version: base.version };
}

/**
 * Makes the configuration that of the file: all of it, or nothing. It is planned anew when somebody else was faster,
 * unless `If-Match` names the version of the configuration to start from.
 */
export async function applyFile(
  context: ApiContext,
  request: FastifyRequest,
  file: ConfigFile,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const made: string[] = [];
    try {
      const outcome = await attemptToApply(context, request, file, attempt, made);
      if (outcome !== 'moved') return outcome;
      await destroy(context, made);
    } catch (error) {
      // Only when it was refused for certain: after a timeout it may yet be accepted.
      if (error instanceof ApiError && error.status < 500) await destroy(context, made);
      throw error;
    }
  }
}

/** `made`: takes the secrets that are sealed for it. */
async function attemptToApply(
  context: ApiContext,
  request: FastifyRequest,
  file: ConfigFile,
  attempt: number,
  made: string[],
): Promise<Outcome | 'moved'> {
  const { commands, projection } = context;
  const base = baseOf(context, request);
  const command = setOfChanges(context, request, base, attempt);
  const planned = await planToApply(context, command, base, file, made);
  const isRepeatable = request.headers['idempotency-key'] !== undefined;
  if (planned.changes.length === 0 && !isRepeatable) return { ...planned, version: base.version };

  const changes = { configVersion: base.version, changes: [...planned.changes] };
  const result = await commands.submit({ ...command, payload: { 'signal.config.ApplyChanges': changes } });
  if (result.kind === 'accepted') {
    const { firstSequence, lastSequence } = result;
    const [before, after] = [projection.at(firstSequence - 1), projection.at(lastSequence)];
    const events = projection.headsBetween(firstSequence, lastSequence + 1);
    const kept = secretsOf(after);
    await destroy(
      context,
      [...secretsOf(before), ...made].filter((sealed) => !kept.has(sealed)),
    );
    const ids = events.map(({ resourceId }) => resourceId);
    const changed = differences(before, after, ids, pathsIn(file));
    return { ...planned, differences: changed, version: lastSequence };
  }
  const { code, currentVersion } = result.rejection;
  if (code === 'NOTHING_CHANGED') return { ...planned, differences: [], version: base.version };
  if (code === 'CONFIG_MOVED' && expectedVersionOf(request) === null && attempt < MAX_ATTEMPTS) {
    // Another process may have been faster, and this one not have heard of it yet.
    await projection.whenApplied(currentVersion ?? 0);
    return 'moved';
  }
  return refuse(context, request, CONFIG_ID, result.rejection, fieldInFile);
}

/** Seals only what is to be sealed, and nothing for what is refused in any case. */
async function planToApply(
  context: ApiContext,
  command: ConfigCommand,
  base: ConfigState,
  file: ConfigFile,
  made: string[],
): Promise<Plan> {
  let hasNewSecrets = false;
  const planned = await plan(context, command, base, file, async () => {
    hasNewSecrets = true;
    return '';
  });
  if (!hasNewSecrets) return planned;
  return plan(context, command, base, file, async (plaintext) => {
    const { sealed } = await context.secrets.seal(plaintext);
    made.push(sealed);
    return sealed;
  });
}

/** The state to start from: that which `If-Match` names, so that a repeated request is planned as the first time. */
function baseOf({ projection }: ApiContext, request: FastifyRequest): ConfigState {
  const version = expectedVersionOf(request);
  if (version === null) return projection.current;
  if (version <= projection.version) return projection.at(version);
  throw moved(projection.version, version);
}

const moved = (version: number, asked: number): ApiError => {
  const message = `the configuration is at version ${version} here, not ${asked}: plan again`;
  return rejectedBy('CONFIG_MOVED', message, 'if-match', version);
};

/** The command that the changes will be handed in with. */
const setOfChanges = (
  context: ApiContext,
  request: FastifyRequest,
  { version }: ConfigState,
  attempt: number,
): ConfigCommand => {
  const payload = { 'signal.config.ApplyChanges': { configVersion: version, changes: [] } };
  const change = { resourceId: CONFIG_ID, payload };
  return { ...commandOf(context, request, change, attempt), expectedVersion: null };
};

function plan(
  { catalog, ids, secrets }: ApiContext,
  asking: ConfigCommand,
  base: ConfigState,
  file: ConfigFile,
  seal: (plaintext: string) => Promise<string>,
): Promise<Plan> {
  const fingerprint = (plaintext: string): string => secrets.fingerprint(plaintext);
  return planFile(base, file, { catalog, ids, sealing: { seal, fingerprint }, asking });
}

/** Nobody can open them any more. */
async function destroy({ secrets }: ApiContext, sealed: readonly string[]): Promise<void> {
  await Promise.all(sealed.map((each) => secrets.destroy(each)));
}

/** `pipelines[2].integrationId` → `pipelines[2].integration` */
function fieldInFile(field: string): string {
  const [, entry = '', rest] = /^(\w+(?:\[\d+\])?)(?:\.(.*))?$/s.exec(field) ?? [];
  return rest === undefined ? entry : `${entry}.${pathOf(rest, PIPELINE_FIELDS)}`;
}
