import { type Static, Type } from '@sinclair/typebox';
import { showEvent } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { snakeCase } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { Nullable, Timestamp, timestamp } from './shared.ts';

const EventView = Type.Object({
  sequence: Type.Integer({ description: 'The config version after it' }),
  type: Type.String({ description: 'source.created, ...' }),
  time: Timestamp,
  actor: Type.Object({
    kind: Type.String(),
    id: Type.String(),
    name: Nullable(Type.String()),
    ip: Nullable(Type.String()),
  }),
  reason: Nullable(Type.String()),
  resource_id: Type.String(),
  resource_version: Type.Integer(),
  command_id: Type.String(),
  payload: Type.Record(Type.String(), Type.Unknown()),
});

function show(event: ConfigEvent): Static<typeof EventView> {
  const { label, payload } = showEvent(event);
  return {
    sequence: event.sequence,
    type: label,
    time: timestamp(event.time),
    actor: { ...event.actor },
    reason: event.reason,
    resource_id: event.resourceId,
    resource_version: event.resourceVersion,
    command_id: event.commandId,
    payload: Object.fromEntries(Object.entries(payload).map(([key, value]) => [snakeCase(key), value])),
  };
}

/** The audit trail, oldest first. */
export function configEventRoutes(api: Api, { projection }: ApiContext): void {
  api.get(
    '/config/events',
    {
      config: { permission: 'config:read' },
      schema: { querystring: PageQuery, response: { 200: pageOf(EventView) } },
    },
    async (request) => {
      const { after, limit } = pageRequest(request.query);
      const events = projection.eventsBetween(after + 1, after + limit + 2);
      return toPage(events, limit, (event) => event.sequence, show);
    },
  );
}
