import type { Change, ConfigCommand, ConfigEvent } from '../schemas/index.ts';
import { fold } from './evolve.ts';
import type { CommandMeta, DecideDeps, EventDraft, Verdict } from './kind.ts';
import { COMMAND_KINDS } from './kinds/index.ts';
import { type CommandBranch, type CommandName, commandIn } from './payload.ts';
import { type Rejection, reject } from './rejections.ts';
import type { ConfigState } from './state.ts';

export type Decision =
  | { readonly events: readonly [ConfigEvent, ...ConfigEvent[]] }
  | { readonly rejection: Rejection };

/**
 * What becomes of a command: the events that carry it out, numbered on from the state's version, or why not. A
 * pure function: time, ids and keys are the command's.
 */
export function decide(state: ConfigState, command: ConfigCommand, deps: DecideDeps): Decision {
  const { payload, ...meta } = command;
  const version = state.resourceVersions.get(meta.resourceId) ?? 0;
  if (meta.expectedVersion !== null && meta.expectedVersion !== version)
    return { rejection: versionConflict(meta, version) };
  const verdict = decideKind(commandIn(payload), state, meta, deps);
  if ('rejection' in verdict) return verdict;
  const drafts = 'events' in verdict ? verdict : decideInTurn(state, verdict.changes, meta, deps);
  return 'rejection' in drafts ? drafts : { events: numbered(drafts.events, state, meta) };
}

type Drafts = readonly [EventDraft, ...EventDraft[]];

function numbered(
  [first, ...rest]: Drafts,
  state: ConfigState,
  meta: CommandMeta,
): readonly [ConfigEvent, ...ConfigEvent[]] {
  const resourceVersions = new Map<string, number>();
  const toEvent = (draft: EventDraft, index: number): ConfigEvent => {
    const resourceId = draft.resourceId ?? meta.resourceId;
    const before = resourceVersions.get(resourceId) ?? state.resourceVersions.get(resourceId) ?? 0;
    resourceVersions.set(resourceId, before + 1);
    return {
      sequence: state.version + 1 + index,
      commandId: meta.commandId,
      resourceId,
      resourceVersion: before + 1,
      time: meta.time,
      actor: meta.actor,
      reason: meta.reason,
      payload: draft.payload,
    };
  };
  return [toEvent(first, 0), ...rest.map((draft, index) => toEvent(draft, index + 1))];
}

/** All events of a command are written at once: into one batch of the log, of which Kafka takes 1 MB unless told
 * otherwise. A small change of something large is a large event. */
const MAX_BYTES = 700_000;

/** The events of all changes, or the rejection of the first that is refused. One that would change nothing is none. */
function decideInTurn(
  state: ConfigState,
  changes: readonly Change[],
  meta: CommandMeta,
  deps: DecideDeps,
): { readonly events: Drafts } | { readonly rejection: Rejection } {
  const events: EventDraft[] = [];
  let reached = state;
  for (const { path, resourceId, payload } of changes) {
    const decision = decide(reached, { ...meta, resourceId, expectedVersion: null, payload }, deps);
    if ('events' in decision) {
      reached = fold(reached, decision.events);
      events.push(...decision.events);
    } else if (decision.rejection.code !== 'NOTHING_CHANGED') {
      const { field } = decision.rejection;
      return { rejection: { ...decision.rejection, field: field === null ? path : `${path}.${field}` } };
    }
  }
  const [first, ...rest] = events;
  const bytes = Buffer.byteLength(JSON.stringify(events));
  if (bytes > MAX_BYTES) return { rejection: tooLarge(events.length, bytes) };
  return first === undefined
    ? { rejection: reject('NOTHING_CHANGED', null, 'all of it is like that already') }
    : { events: [first, ...rest] };
}

function decideKind<K extends CommandName>(
  command: CommandBranch<K>,
  state: ConfigState,
  meta: CommandMeta,
  deps: DecideDeps,
): Verdict {
  const kind = COMMAND_KINDS[command.name];
  const mustSayWhy = state.settings.changeReasonRequired && kind.reason === 'wanted';
  if (mustSayWhy && meta.reason === null && meta.actor.kind !== 'system')
    return { rejection: reject('REASON_REQUIRED', 'reason', 'every change here must say why it is made') };
  return kind.decide(state, command.value, meta, deps);
}

const versionConflict = ({ resourceId, expectedVersion }: CommandMeta, version: number): Rejection => ({
  code: 'VERSION_CONFLICT',
  field: 'expectedVersion',
  message: `${resourceId} is at version ${version} now, not ${expectedVersion}: read it again and retry`,
  currentVersion: version,
});

const tooLarge = (events: number, bytes: number): Rejection =>
  reject(
    'TOO_MANY_CHANGES',
    null,
    `these are ${events} events of ${bytes} bytes, more than the ${MAX_BYTES} that can be written at once: make some of the changes first`,
  );
