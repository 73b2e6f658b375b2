import type { ConfigEvent } from '../schemas/index.ts';
import type { JsonValue } from './json.ts';
import { EVENT_KINDS } from './kinds/index.ts';
import { type EventBranch, type EventName, type EventPayload, eventIn } from './payload.ts';
import type { EventMeta } from './resources/resource.ts';
import type { ConfigState } from './state.ts';

/** The state after one more event. Never throws on an event that was written. */
export function evolve(state: ConfigState, event: ConfigEvent): ConfigState {
  return {
    ...evolveKind(eventIn(event.payload), state, event),
    version: event.sequence,
    resourceVersions: state.resourceVersions.set(event.resourceId, event.resourceVersion),
  };
}

export function fold(state: ConfigState, events: Iterable<ConfigEvent>): ConfigState {
  let folded = state;
  for (const event of events) folded = evolve(folded, event);
  return folded;
}

/** An event as auditors may see it. */
export interface ShownEvent {
  /** `source.created`, ... */
  readonly label: string;
  readonly payload: Readonly<Record<string, JsonValue>>;
}

export function showEvent(event: ConfigEvent): ShownEvent {
  return showKind(eventIn(event.payload));
}

/** `source.created`, ...: what auditors call such an event and filter by. */
export const labelOf = (payload: EventPayload): string => EVENT_KINDS[eventIn(payload).name].label;

function evolveKind<K extends EventName>(
  event: EventBranch<K>,
  state: ConfigState,
  meta: EventMeta,
): ConfigState {
  return EVENT_KINDS[event.name].evolve(state, event.value, meta);
}

function showKind<K extends EventName>(event: EventBranch<K>): ShownEvent {
  const kind = EVENT_KINDS[event.name];
  return { label: kind.label, payload: kind.show(event.value) };
}
