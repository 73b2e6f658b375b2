import type { ConfigCommand, ConfigEvent } from '../schemas/index.ts';

/**
 * Avro has several record types in one field as `{ 'signal.config.SourceCreated': {...} }`, an object with one
 * property that names the type. These types and `branchOf` turn that into a pair of kind and value.
 */
type KeysOf<Union> = Union extends unknown ? keyof Union : never;
type ValueIn<Union, Key extends PropertyKey> =
  Union extends Readonly<Record<Key, infer Value>> ? Value : never;

type CommandPayloads = {
  readonly [K in KeysOf<ConfigCommand['payload']> & string]: ValueIn<ConfigCommand['payload'], K>;
};
type EventPayloads = {
  readonly [K in KeysOf<ConfigEvent['payload']> & string]: ValueIn<ConfigEvent['payload'], K>;
};

/** `signal.config.CreateSource`, ... */
export type CommandName = keyof CommandPayloads;
export type CommandOf<K extends CommandName> = CommandPayloads[K];
export type CommandPayload = ConfigCommand['payload'];

/** `signal.config.SourceCreated`, ... */
export type EventName = keyof EventPayloads;
export type EventOf<K extends EventName> = EventPayloads[K];
export type EventPayload = ConfigEvent['payload'];

export type Branch<Payloads, K extends keyof Payloads = keyof Payloads> = {
  readonly [P in K]: { readonly name: P; readonly value: Payloads[P] };
}[K];

export type CommandBranch<K extends CommandName = CommandName> = Branch<CommandPayloads, K>;
export type EventBranch<K extends EventName = EventName> = Branch<EventPayloads, K>;

export function commandIn(payload: CommandPayload): CommandBranch {
  return branchOf(payload) as CommandBranch;
}

export function eventIn(payload: EventPayload): EventBranch {
  return branchOf(payload) as EventBranch;
}

/** The types above know which value goes with which name; here it is only the one entry there is. */
function branchOf(payload: object): { readonly name: string; readonly value: unknown } {
  const [entry] = Object.entries(payload);
  return { name: entry?.[0] ?? '', value: entry?.[1] };
}
