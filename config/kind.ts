import type { Change, ConfigCommand } from '../schemas/index.ts';
import type { Catalog } from './catalog.ts';
import type { JsonValue } from './json.ts';
import type { CommandName, CommandOf, EventName, EventOf, EventPayload } from './payload.ts';
import type { Rejection } from './rejections.ts';
import type { EventMeta } from './resources/resource.ts';
import type { ConfigState } from './state.ts';

/** What deciding may look at besides the state: everything else would make it depend on when and where it runs. */
export interface DecideDeps {
  readonly catalog: Catalog;
}

export type CommandMeta = Omit<ConfigCommand, 'payload'>;

/** An event to be, about the command's resource unless it names another. */
export interface EventDraft {
  readonly payload: EventPayload;
  readonly resourceId?: string;
}

export type Verdict =
  | { readonly events: readonly [EventDraft, ...EventDraft[]] }
  | { readonly rejection: Rejection }
  /** Other commands carry it out, each decided on what those before it left: all of them, or none. */
  | { readonly changes: readonly Change[] };

export interface CommandKind<K extends CommandName> {
  readonly name: K;
  /** Whether it must say why where changes have to; `unneeded`: it is nobody's decision but the actor's own. */
  readonly reason: 'wanted' | 'unneeded';
  decide(state: ConfigState, command: CommandOf<K>, meta: CommandMeta, deps: DecideDeps): Verdict;
}

export interface EventKind<K extends EventName> {
  readonly name: K;
  /** What auditors call it and filter by: `source.created`. */
  readonly label: string;
  /** Takes any event that was ever written and never throws: what was decided has happened. */
  evolve(state: ConfigState, event: EventOf<K>, meta: EventMeta): ConfigState;
  /** What may be shown of it: no sealed secret, no hash of a token. */
  show(event: EventOf<K>): Readonly<Record<string, JsonValue>>;
}

export const commandKind = <K extends CommandName>(
  name: K,
  decide: CommandKind<K>['decide'],
  reason: CommandKind<K>['reason'] = 'wanted',
): CommandKind<K> => ({ name, decide, reason });

export const eventKind = <K extends EventName>(
  name: K,
  label: string,
  rest: Pick<EventKind<K>, 'evolve' | 'show'>,
): EventKind<K> => ({ name, label, ...rest });

/**
 * A kind of event that was written once and is not any more, because another took its place and Avro's defaults do not
 * say what the old one means in terms of the new. Its schema stays for ever; of its file only this stays. Where the
 * successor is succeeded in turn, nothing changes here.
 */
export const olderEventKind = <K extends EventName, S extends EventName>(
  name: K,
  successor: EventKind<S>,
  upcast: (event: EventOf<K>) => EventOf<S>,
): EventKind<K> => ({
  name,
  label: successor.label,
  evolve: (state, event, meta) => successor.evolve(state, upcast(event), meta),
  show: (event) => successor.show(upcast(event)),
});

export const rejected = (rejection: Rejection): Verdict => ({ rejection });

export const accepted = (payload: EventPayload): Verdict => ({ events: [{ payload }] });
