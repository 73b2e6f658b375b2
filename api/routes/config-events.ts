import { type Static, Type } from '@sinclair/typebox';
import { showEvent } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { snakeCase } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { changesOf, type FieldChange, RESOURCE_TYPES, resourceType } from '../history/index.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import {
  ActorView,
  FieldChangeView,
  FilterField,
  Nullable,
  readTime,
  TimeField,
  Timestamp,
  timestamp,
} from './shared.ts';

const EventView = Type.Object({
  sequence: Type.Integer({ description: 'The config version after it' }),
  type: Type.String({ description: 'source.created, ...' }),
  time: Timestamp,
  actor: ActorView,
  reason: Nullable(Type.String()),
  resource_type: Type.String(),
  resource_id: Type.String(),
  resource_version: Type.Integer(),
  command_id: Type.String(),
  payload: Type.Record(Type.String(), Type.Unknown()),
  changes: Type.Array(FieldChangeView, { description: 'The fields of the resource that it changed' }),
});

const EventsQuery = Type.Composite(
  [
    PageQuery,
    Type.Object({
      actor: Type.Optional(FilterField('Id or name of a user or token')),
      resource_id: Type.Optional(FilterField('src_…')),
      resource_type: Type.Optional(
        Type.Union(
          RESOURCE_TYPES.map((type) => Type.Literal(type)),
          { errorMessage: `Expected ${RESOURCE_TYPES.join(', ')}` },
        ),
      ),
      type: Type.Optional(FilterField('source.created, ...')),
      from: Type.Optional(TimeField),
      to: Type.Optional(TimeField),
      text: Type.Optional(FilterField('In the reason, the names or the fields, whatever its case')),
    }),
  ],
  { additionalProperties: false },
);

function show(event: ConfigEvent, changes: readonly FieldChange[]): Static<typeof EventView> {
  const { label, payload } = showEvent(event);
  return {
    sequence: event.sequence,
    type: label,
    time: timestamp(event.time),
    actor: { ...event.actor },
    reason: event.reason,
    resource_type: resourceType(event.resourceId),
    resource_id: event.resourceId,
    resource_version: event.resourceVersion,
    command_id: event.commandId,
    payload: Object.fromEntries(Object.entries(payload).map(([key, value]) => [snakeCase(key), value])),
    changes: changes.map((change) => ({ ...change })),
  };
}

type EventFilter = Pick<
  Static<typeof EventsQuery>,
  'actor' | 'resource_id' | 'resource_type' | 'type' | 'from' | 'to' | 'text'
>;

/** Whether an event is one of those asked for. `text` is looked for in what is shown, whatever its case. */
function matcher(filter: EventFilter): (event: ConfigEvent) => boolean {
  const from = filter.from === undefined ? undefined : readTime(filter.from);
  const to = filter.to === undefined ? undefined : readTime(filter.to);
  const text = filter.text?.toLowerCase();
  return (event) =>
    (from === undefined || event.time >= from) &&
    (to === undefined || event.time < to) &&
    (filter.resource_id === undefined || event.resourceId === filter.resource_id) &&
    (filter.resource_type === undefined || resourceType(event.resourceId) === filter.resource_type) &&
    (filter.actor === undefined || event.actor.id === filter.actor || event.actor.name === filter.actor) &&
    (filter.type === undefined || showEvent(event).label === filter.type) &&
    (text === undefined || textOf(event).includes(text));
}

function textOf(event: ConfigEvent): string {
  const { label, payload } = showEvent(event);
  return JSON.stringify([label, payload, event.reason, event.actor.name, event.resourceId]).toLowerCase();
}

/** Events looked at in one go. */
const STEP = 1000;

/** The audit trail, oldest first. */
export function configEventRoutes(api: Api, { projection }: ApiContext): void {
  api.get(
    '/config/events',
    {
      config: { permission: 'config:read' },
      schema: {
        description: 'Every change that was made, oldest first, with what it changed.',
        querystring: EventsQuery,
        response: { 200: pageOf(EventView) },
      },
    },
    async (request) => {
      const { after, limit } = pageRequest(request.query);
      const isWanted = matcher(request.query);
      const found: ConfigEvent[] = [];
      for (let next = after + 1; next <= projection.version && found.length <= limit; next += STEP)
        found.push(...projection.eventsBetween(next, next + STEP).filter(isWanted));
      const changes = changesOf(projection, found.slice(0, limit));
      return toPage(
        found,
        limit,
        (event) => event.sequence,
        (event) => show(event, changes.get(event.sequence) ?? []),
      );
    },
  );
}
