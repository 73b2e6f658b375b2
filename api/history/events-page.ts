import { setImmediate } from 'node:timers/promises';
import {
  type ConfigProjection,
  type EventHead,
  type JsonObject,
  type JsonValue,
  showEvent,
} from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { CALLERS_WORDS, snakeCase } from '../changes.ts';
import { type Page, pageRequest, toPage } from '../http/paging.ts';
import { changesOf } from './changes-of-events.ts';
import type { FieldChange } from './field-diff.ts';
import { resourceType } from './resource-view.ts';

/** Which events are asked for; all that is given must hold. */
export interface EventFilter {
  /** Id or name of a user or token. */
  readonly actor?: string;
  readonly resource_id?: string;
  readonly resource_type?: string;
  /** `source.created`, ... */
  readonly type?: string;
  /** ISO 8601: this included, ... */
  readonly from?: string;
  /** ... this not. */
  readonly to?: string;
  /** Looked for in what is shown, whatever its case. */
  readonly text?: string;
}

/** An event as auditors see it. */
export type EventView = ReturnType<typeof show>;

/** Events looked at in one go. */
const STEP = 1000;

/** Events of the configuration as the API answers them, oldest first. `cursor`, `limit`: as callers give them.
 * `version`: the last one there is to be. */
export async function eventsPage(
  projection: Pick<ConfigProjection, 'version' | 'nearest' | 'event' | 'headsBetween'>,
  query: EventFilter & { readonly cursor?: string; readonly limit?: string },
  version = projection.version,
): Promise<Page<EventView>> {
  const { after, limit } = pageRequest(query);
  const mayBeWanted = headMatcher(query);
  const text = query.text?.toLowerCase();
  const found: ConfigEvent[] = [];
  for (let next = after + 1; next <= version && found.length <= limit; next += STEP) {
    // Who looks through a long log must not keep everybody else waiting.
    if (next > after + 1) await setImmediate();
    for (const head of projection.headsBetween(next, Math.min(next + STEP, version + 1))) {
      if (found.length > limit || !mayBeWanted(head)) continue;
      const event = projection.event(head.sequence);
      if (text === undefined || textOf(event).includes(text)) found.push(event);
    }
  }
  const changes = await changesOf(projection, found.slice(0, limit));
  return toPage(
    found,
    limit,
    (event) => event.sequence,
    (event) => show(event, changes.get(event.sequence) ?? []),
  );
}

function show(event: ConfigEvent, changes: readonly FieldChange[]) {
  const { label, payload } = showEvent(event);
  return {
    sequence: event.sequence,
    type: label,
    time: new Date(event.time).toISOString(),
    actor: { ...event.actor },
    reason: event.reason,
    resource_type: resourceType(event.resourceId),
    resource_id: event.resourceId,
    resource_version: event.resourceVersion,
    command_id: event.commandId,
    payload: inApiWords(payload),
    changes: changes.map((change) => ({ ...change })),
  };
}

/** Keys as the API has them, but for those that callers chose. */
function inApiWords(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      snakeCase(key),
      CALLERS_WORDS.has(key) ? value : valueInApiWords(value),
    ]),
  );
}

function valueInApiWords(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(valueInApiWords);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? inApiWords(value) : value;
}

function headMatcher(filter: EventFilter): (head: EventHead) => boolean {
  const from = filter.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.from);
  const to = filter.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.to);
  return (head) =>
    head.time >= from &&
    head.time < to &&
    (filter.resource_id === undefined || head.resourceId === filter.resource_id) &&
    (filter.resource_type === undefined || resourceType(head.resourceId) === filter.resource_type) &&
    (filter.actor === undefined || head.actor.id === filter.actor || head.actor.name === filter.actor) &&
    (filter.type === undefined || head.label === filter.type);
}

function textOf(event: ConfigEvent): string {
  const { label, payload } = showEvent(event);
  return JSON.stringify([label, payload, event.reason, event.actor.name, event.resourceId]).toLowerCase();
}
