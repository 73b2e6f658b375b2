import { type Static, Type } from '@sinclair/typebox';
import { latestRevision, type Pipeline, pipelineId } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { creationOrder, IdParams, resourceFields, showResource } from './shared.ts';

const IdField = Type.String({ minLength: 1, maxLength: 100 });

const PipelineBody = Type.Object(
  {
    source_id: IdField,
    integration_id: IdField,
    enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
    revision: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'Left out: the latest one' }),
    ),
  },
  { additionalProperties: false },
);

const PipelineView = Type.Object({
  id: Type.String(),
  source_id: Type.String(),
  integration_id: Type.String(),
  revision: Type.Integer({ description: "The integration's revision that events are mapped with" }),
  latest_revision: Type.Integer(),
  enabled: Type.Boolean(),
  ...resourceFields,
});

export function pipelineRoutes(api: Api, context: ApiContext): void {
  const { projection, ids } = context;

  const find = (id: string, state = projection.current): Pipeline => {
    const pipeline = state.pipelines.get(id);
    if (pipeline === undefined) throw apiError('PIPELINE_NOT_FOUND', id.slice(0, 100));
    return pipeline;
  };

  const show = (pipeline: Pipeline, state = projection.current): Static<typeof PipelineView> => {
    const integration = state.integrations.get(pipeline.integrationId);
    const latest = integration === undefined ? undefined : latestRevision(integration);
    return {
      id: pipeline.id,
      source_id: pipeline.sourceId,
      integration_id: pipeline.integrationId,
      revision: pipeline.revision,
      latest_revision: latest?.number ?? pipeline.revision,
      enabled: pipeline.enabled,
      ...showResource(pipeline),
    };
  };

  api.post(
    '/pipelines',
    {
      config: { permission: 'pipelines:write' },
      schema: { body: PipelineBody, response: { 201: PipelineView } },
    },
    async (request, reply) => {
      const { source_id, integration_id, enabled = true, revision = null } = request.body;
      const resourceId = ids.resource(pipelineId.prefix);
      const command = {
        sourceId: source_id,
        integrationId: integration_id,
        enabled,
        revision,
        filter: null,
        parameters: {},
      };
      const payload = { 'signal.config.CreatePipeline': command };
      await submitChange(context, request, { resourceId, payload });
      return reply.code(201).send(show(find(resourceId)));
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
      return paginate(state.pipelines.values(), request.query, creationOrder, (each) => show(each, state));
    },
  );

  api.get(
    '/pipelines/:id',
    {
      config: { permission: 'pipelines:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: PipelineView } },
    },
    async (request) => {
      const state = stateAt(projection, request.query);
      return show(find(request.params.id, state), state);
    },
  );
}
