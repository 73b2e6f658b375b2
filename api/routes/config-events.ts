import { Type } from '@sinclair/typebox';
import type { ApiContext } from '../deps.ts';
import { eventsPage, RESOURCE_TYPES } from '../history/index.ts';
import { AtQuery, versionAt } from '../http/at.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { ActorView, FieldChangeView, FilterField, Nullable, TimeField, Timestamp } from './shared.ts';

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
    AtQuery,
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
    async ({ query }) => {
      const { at, ...filter } = query;
      return eventsPage(projection, filter, at === undefined ? undefined : versionAt(projection, at, 'at'));
    },
  );
}
