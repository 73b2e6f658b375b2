import { type Static, Type } from '@sinclair/typebox';
import { ACCESS_ACTIONS, type StoredAccess } from '../access/index.ts';
import type { ApiContext } from '../deps.ts';
import { LogAtField, wasThere } from '../http/at.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { ActorView, FilterField, Nullable, readTime, TimeField, Timestamp, timestamp } from './shared.ts';

const AccessQuery = Type.Composite(
  [
    PageQuery,
    Type.Object({
      at: LogAtField,
      action: Type.Optional(
        Type.Union(
          ACCESS_ACTIONS.map((action) => Type.Literal(action)),
          { errorMessage: `Expected ${ACCESS_ACTIONS.join(', ')}` },
        ),
      ),
      actor: Type.Optional(FilterField('Id or name of a user or token')),
      resource_id: Type.Optional(FilterField('What it was about')),
      from: Type.Optional(TimeField),
      to: Type.Optional(TimeField),
    }),
  ],
  { additionalProperties: false },
);

const AccessView = Type.Object({
  sequence: Type.Integer(),
  action: Type.String(),
  time: Timestamp,
  actor: Nullable(ActorView),
  ip: Nullable(Type.String()),
  resource_id: Nullable(Type.String()),
  code: Nullable(Type.String({ description: 'Why it was refused' })),
  detail: Nullable(Type.String()),
  request_id: Type.String(),
});

const show = ({ sequence, record }: StoredAccess): Static<typeof AccessView> => ({
  sequence,
  action: record.action,
  time: timestamp(record.time),
  actor: record.actor === null ? null : { ...record.actor },
  ip: record.ip,
  resource_id: record.resourceId,
  code: record.code,
  detail: record.detail,
  request_id: record.requestId,
});

/** Logins, refused commands and requests, and looks at personal data, oldest first. */
export function accessLogRoutes(api: Api, { accessLog }: ApiContext): void {
  api.get(
    '/access-log',
    {
      config: { permission: 'access-log:read' },
      schema: {
        description:
          'Logins and failed ones, refused commands, requests without the permission, and reads of personal data, oldest first.',
        querystring: AccessQuery,
        response: { 200: pageOf(AccessView) },
      },
    },
    async (request) => {
      const { at, action, actor, resource_id: resourceId, from, to } = request.query;
      const isThere = wasThere(at);
      const { after, limit } = pageRequest(request.query);
      const range = {
        afterSequence: after,
        fromTime: from === undefined ? undefined : readTime(from),
        toTime: to === undefined ? undefined : readTime(to),
      };
      const found = await accessLog.find(
        range,
        (record, sequence) =>
          isThere(sequence, record.time) &&
          (action === undefined || record.action === action) &&
          (actor === undefined || record.actor?.id === actor || record.actor?.name === actor) &&
          (resourceId === undefined || record.resourceId === resourceId),
        limit + 1,
      );
      return toPage(found, limit, ({ sequence }) => sequence, show);
    },
  );
}
