import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CommandPayload,
  type ConfigState,
  latestRevision,
  type Pipeline,
  pipelineId,
} from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { creationOrder, IdParams, Nullable, resourceFields, showResource, tagged } from './shared.ts';

const IdField = Type.String({ minLength: 1, maxLength: 100 });

export const RevisionField = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });

export const PipelineBody = Type.Object(
  {
    source_id: IdField,
    integration_id: IdField,
    enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
    revision: Type.Optional({ ...RevisionField, description: 'Left out: the latest one' }),
  },
  { additionalProperties: false },
);

export const PipelineChanges = Type.Object(
  { enabled: Type.Optional(Type.Boolean()), revision: Type.Optional(RevisionField) },
  { additionalProperties: false, minProperties: 1 },
);

const PipelineView = Type.Object({
  id: Type.String(),
  source_id: Type.String(),
  integration_id: Type.String(),
  revision: Type.Integer({ description: "The integration's revision that events are mapped with" }),
  latest_revision: Type.Integer(),
  previous_revision: Nullable(Type.Integer(), { description: 'What rolling back returns to' }),
  enabled: Type.Boolean(),
  ...resourceFields,
});

export function showPipeline(pipeline: Pipeline, state: ConfigState): Static<typeof PipelineView> {
  const integration = state.integrations.get(pipeline.integrationId);
  const latest = integration === undefined ? undefined : latestRevision(integration);
  return {
    id: pipeline.id,
    source_id: pipeline.sourceId,
    integration_id: pipeline.integrationId,
    revision: pipeline.revision,
    latest_revision: latest?.number ?? pipeline.revision,
    previous_revision: pipeline.earlierRevisions.at(-1) ?? null,
    enabled: pipeline.enabled,
    ...showResource(pipeline),
  };
}

export function createPipeline(body: Static<typeof PipelineBody>): CommandPayload {
  const command = {
    sourceId: body.source_id,
    integrationId: body.integration_id,
    enabled: body.enabled ?? true,
    revision: body.revision ?? null,
    filter: null,
    parameters: {},
  };
  return { 'signal.config.CreatePipeline': command };
}

export const updatePipeline = (body: Static<typeof PipelineChanges>): CommandPayload => ({
  'signal.config.UpdatePipeline': { enabled: body.enabled ?? null, revision: body.revision ?? null },
});

export function pipelineRoutes(api: Api, context: ApiContext): void {
  const { projection, ids } = context;

  const find = (id: string, state = projection.current): Pipeline => {
    const pipeline = state.pipelines.get(id);
    if (pipeline === undefined) throw apiError('PIPELINE_NOT_FOUND', id.slice(0, 100));
    return pipeline;
  };

  const change = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    payload: CommandPayload,
  ): Promise<Static<typeof PipelineView>> => {
    const { resourceId, state } = await submitChange(context, request, { resourceId: id, payload });
    return tagged(reply, showPipeline(find(resourceId, state), state));
  };

  api.post(
    '/pipelines',
    {
      config: { permission: 'pipelines:write' },
      schema: { body: PipelineBody, response: { 201: PipelineView } },
    },
    async (request, reply) => {
      const id = ids.resource(pipelineId.prefix);
      const view = await change(request, reply, id, createPipeline(request.body));
      return reply.code(201).send(view);
    },
  );

  api.get(
    '/pipelines',
    {
      config: { permission: 'pipelines:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(PipelineView) } },
    },
    async (request) => {
      const state = stateAt(projection, request.query);
      return paginate(state.pipelines.values(), request.query, creationOrder, (each) =>
        showPipeline(each, state),
      );
    },
  );

  api.get(
    '/pipelines/:id',
    {
      config: { permission: 'pipelines:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: PipelineView } },
    },
    async (request, reply) => {
      const state = stateAt(projection, request.query);
      return tagged(reply, showPipeline(find(request.params.id, state), state));
    },
  );

  api.patch(
    '/pipelines/:id',
    {
      config: { permission: 'pipelines:write' },
      schema: { params: IdParams, body: PipelineChanges, response: { 200: PipelineView } },
    },
    async (request, reply) => change(request, reply, request.params.id, updatePipeline(request.body)),
  );

  const action = (name: string, description: string, payload: CommandPayload): void => {
    api.post(
      `/pipelines/:id/${name}`,
      {
        config: { permission: 'pipelines:write' },
        schema: { description, params: IdParams, response: { 200: PipelineView } },
      },
      async (request, reply) => change(request, reply, request.params.id, payload),
    );
  };

  action('enable', 'Let events through.', { 'signal.config.EnablePipeline': {} });
  action('disable', 'Let no events through; those accepted before still are delivered.', {
    'signal.config.DisablePipeline': {},
  });
  action('roll-back', 'Map events with the revision that was pinned before.', {
    'signal.config.RollBackPipeline': {},
  });

  api.post(
    '/pipelines/:id/pin',
    {
      config: { permission: 'pipelines:write' },
      schema: {
        description: 'Map events with another published revision.',
        params: IdParams,
        body: Type.Object(
          { revision: Type.Optional({ ...RevisionField, description: 'Left out: the latest one' }) },
          { additionalProperties: false },
        ),
        response: { 200: PipelineView },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.PinRevision': { revision: request.body.revision ?? null } };
      return change(request, reply, request.params.id, payload);
    },
  );

  api.delete(
    '/pipelines/:id',
    {
      config: { permission: 'pipelines:delete' },
      schema: { params: IdParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const payload = { 'signal.config.DeletePipeline': {} };
      await submitChange(context, request, { resourceId: request.params.id, payload });
      return reply.code(204).send(null);
    },
  );
}
