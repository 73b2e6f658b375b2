import { type Static, Type } from '@sinclair/typebox';
import { type Token, tokenId } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError, validationFailed } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { forbidder, tokenHash } from '../http/auth.ts';
import { callerOf } from '../http/caller.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { permissionsOf } from '../permissions.ts';
import {
  creationOrder,
  IdParams,
  NameField,
  Nullable,
  readTime,
  resourceFields,
  showResource,
  TimeField,
  timestamp,
} from './shared.ts';

const TokenBody = Type.Object(
  {
    name: NameField,
    scopes: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: 50,
      description: 'Roles (admin, editor, viewer, auditor) and single permissions (sources:read)',
    }),
    expires_at: Type.Optional(TimeField),
  },
  { additionalProperties: false },
);

const TokenView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  expires_at: Nullable(Type.String({ description: 'ISO 8601, UTC; null: never' })),
  revoked_at: Nullable(Type.String({ description: 'ISO 8601, UTC' })),
  ...resourceFields,
});

const NewTokenView = Type.Composite([
  TokenView,
  Type.Object({ token: Type.String({ description: 'The token itself; shown this once' }) }),
]);

const time = (epochMs: number | null): string | null => (epochMs === null ? null : timestamp(epochMs));

const show = (token: Token): Static<typeof TokenView> => ({
  id: token.id,
  name: token.name,
  scopes: [...token.scopes],
  expires_at: time(token.expiresAt),
  revoked_at: time(token.revokedAt),
  ...showResource(token),
});

export function tokenRoutes(api: Api, context: ApiContext): void {
  const { projection, ids } = context;
  const forbid = forbidder(context.recordAccess);

  const find = (id: string, state = projection.current): Token => {
    const token = state.tokens.get(id);
    if (token === undefined) throw apiError('TOKEN_NOT_FOUND', id.slice(0, 100));
    return token;
  };

  api.post(
    '/tokens',
    {
      config: { permission: 'tokens:write' },
      schema: { body: TokenBody, response: { 201: NewTokenView } },
    },
    async (request, reply) => {
      const { name, scopes, expires_at: expiresAt } = request.body;
      const idle = scopes.findIndex((scope) => permissionsOf([scope]).size === 0);
      if (idle >= 0)
        throw validationFailed([
          { path: `scopes.${idle}`, code: 'UNKNOWN_SCOPE', message: 'neither a role nor a permission' },
        ]);
      // A token that permits more than its maker may do would be a way around the table.
      const { permissions } = callerOf(request);
      const lacking = [...permissionsOf(scopes)].find((permission) => !permissions.has(permission));
      if (lacking !== undefined) await forbid(request, lacking);
      const token = ids.apiToken();
      const resourceId = ids.resource(tokenId.prefix);
      const command = {
        name,
        tokenHash: tokenHash(token),
        scopes,
        expiresAt: expiresAt === undefined ? null : readTime(expiresAt),
      };
      const payload = { 'signal.config.CreateToken': command };
      await submitChange(context, request, { resourceId, payload, answersOnce: true });
      return reply.code(201).send({ ...show(find(resourceId)), token });
    },
  );

  api.get(
    '/tokens',
    {
      config: { permission: 'tokens:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(TokenView) } },
    },
    async (request) =>
      paginate(stateAt(projection, request.query).tokens.values(), request.query, creationOrder, show),
  );

  api.get(
    '/tokens/:id',
    {
      config: { permission: 'tokens:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: TokenView } },
    },
    async (request) => show(find(request.params.id, stateAt(projection, request.query))),
  );

  api.delete(
    '/tokens/:id',
    {
      config: { permission: 'tokens:write' },
      schema: {
        operationId: 'revokeToken',
        description: 'At once and for good. It stays in the list.',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = find(request.params.id);
      await submitChange(context, request, { resourceId: id, payload: { 'signal.config.RevokeToken': {} } });
      return reply.code(204).send(null);
    },
  );
}
