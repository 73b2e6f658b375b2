import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CommandPayload,
  type ConfigState,
  DEFAULT_SOURCE_SETTINGS,
  pipelineKeyOf,
  type Source,
  sourceId,
  UNCHANGED_SETTINGS,
} from '../../config/index.ts';
import { SOURCE_TYPE_SYMBOLS } from '../../schemas/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { destroyUnused } from './secret-changes.ts';
import {
  creationOrder,
  IdParams,
  NameField,
  Nullable,
  OneOf,
  resourceFields,
  showResource,
  Timestamp,
  tagged,
  timestamp,
} from './shared.ts';
import { readSettings, settingsFields, settingsViewFields, showSettings } from './source-settings.ts';

export const SourceBody = Type.Object(
  {
    name: NameField,
    type: OneOf(SOURCE_TYPE_SYMBOLS),
    ...settingsFields,
  },
  { additionalProperties: false },
);

export const SourceChanges = Type.Object(
  {
    name: Type.Optional(NameField),
    rate_limit_rps: Type.Optional(
      Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }), {
        description: "Requests a second; null: the gateway's own setting",
      }),
    ),
    ...settingsFields,
  },
  { additionalProperties: false, minProperties: 1 },
);

const KeyField = Type.String({ minLength: 1, maxLength: 100 });

export const SourceView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  pipeline_key: Type.String({ description: 'The one to use. Public; stands in web pages' }),
  pipeline_keys: Type.Array(Type.String(), {
    description: 'All that are accepted, oldest first: two during a rotation',
  }),
  rate_limit_rps: Nullable(Type.Integer(), {
    description: "Requests a second; null: the gateway's own setting",
  }),
  ...settingsViewFields,
  webhook_path: Nullable(Type.String(), { description: 'Where the provider sends to, at the gateway' }),
  signing_secrets: Type.Array(Type.Object({ fingerprint: Type.String(), created_at: Timestamp }), {
    description: 'The live ones, newest first',
  }),
  ...resourceFields,
});

export const showSource = (source: Source): Static<typeof SourceView> => ({
  id: source.id,
  name: source.name,
  type: source.type,
  pipeline_key: pipelineKeyOf(source),
  pipeline_keys: [...source.pipelineKeys],
  rate_limit_rps: source.rateLimitRps,
  ...showSettings(source),
  webhook_path: source.type === 'webhook' ? `/v1/webhook?source=${source.id}` : null,
  signing_secrets: source.signingSecrets.map(({ fingerprint, createdAt }) => ({
    fingerprint,
    created_at: timestamp(createdAt),
  })),
  ...showResource(source),
});

export const createSource = (
  { name, type, ...settings }: Static<typeof SourceBody>,
  pipelineKey: string,
): CommandPayload => ({
  'signal.config.CreateSource': {
    name,
    type,
    pipelineKey,
    ...DEFAULT_SOURCE_SETTINGS,
    ...readSettings(settings),
  },
});

export function updateSource(changes: Static<typeof SourceChanges>): CommandPayload {
  const { name = null, rate_limit_rps: limit, ...settings } = changes;
  const rateLimitRps = limit === undefined ? null : (limit ?? 0);
  return {
    'signal.config.UpdateSource': { name, rateLimitRps, ...UNCHANGED_SETTINGS, ...readSettings(settings) },
  };
}

export function findSource(state: ConfigState, id: string): Source {
  const source = state.sources.get(id);
  if (source === undefined) throw apiError('SOURCE_NOT_FOUND', id.slice(0, 100));
  return source;
}

export function sourceRoutes(api: Api, context: ApiContext): void {
  const { projection, ids, secrets: vault } = context;

  const change = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    payload: CommandPayload,
  ): Promise<Static<typeof SourceView>> => {
    const { resourceId, state } = await submitChange(context, request, { resourceId: id, payload });
    return tagged(reply, showSource(findSource(state, resourceId)));
  };

  api.post(
    '/sources',
    {
      config: { permission: 'sources:write' },
      schema: { body: SourceBody, response: { 201: SourceView } },
    },
    async (request, reply) => {
      const payload = createSource(request.body, ids.pipelineKey());
      const view = await change(request, reply, ids.resource(sourceId.prefix), payload);
      return reply.code(201).send(view);
    },
  );

  api.get(
    '/sources',
    {
      config: { permission: 'sources:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(SourceView) } },
    },
    async (request) =>
      paginate(stateAt(projection, request.query).sources.values(), request.query, creationOrder, showSource),
  );

  api.get(
    '/sources/:id',
    {
      config: { permission: 'sources:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: SourceView } },
    },
    async (request, reply) =>
      tagged(reply, showSource(findSource(stateAt(projection, request.query), request.params.id))),
  );

  api.patch(
    '/sources/:id',
    {
      config: { permission: 'sources:write' },
      schema: { params: IdParams, body: SourceChanges, response: { 200: SourceView } },
    },
    async (request, reply) => change(request, reply, request.params.id, updateSource(request.body)),
  );

  api.post(
    '/sources/:id/rotate-key',
    {
      config: { permission: 'sources:write' },
      schema: {
        description: 'Adds a key beside the present one. Both are accepted until the old one is revoked.',
        params: IdParams,
        response: { 200: SourceView },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.RotateSourceKey': { pipelineKey: ids.pipelineKey() } };
      return change(request, reply, request.params.id, payload);
    },
  );

  api.post(
    '/sources/:id/revoke-key',
    {
      config: { permission: 'sources:write' },
      schema: {
        description: 'Ends a rotation: the gateway accepts the key no more. The last key cannot be revoked.',
        params: IdParams,
        body: Type.Object({ pipeline_key: KeyField }, { additionalProperties: false }),
        response: { 200: SourceView },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.RevokeSourceKey': { pipelineKey: request.body.pipeline_key } };
      return change(request, reply, request.params.id, payload);
    },
  );

  api.delete(
    '/sources/:id',
    {
      config: { permission: 'sources:delete' },
      schema: {
        description: 'Refused while a pipeline uses it. Its signing secrets are destroyed.',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.DeleteSource': {} };
      const changed = await submitChange(context, request, { resourceId: request.params.id, payload });
      await destroyUnused(vault, changed);
      return reply.code(204).send(null);
    },
  );
}
