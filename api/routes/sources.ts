import { type Static, Type } from '@sinclair/typebox';
import { pipelineKeyOf, type Source, sourceId } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { PageQuery, pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { creationOrder, IdParams, NameField, resourceFields, showResource } from './shared.ts';

const SourceBody = Type.Object(
  {
    name: NameField,
    type: Type.Union([Type.Literal('web'), Type.Literal('app'), Type.Literal('server')], {
      errorMessage: 'Expected web, app or server',
    }),
  },
  { additionalProperties: false },
);

const SourceView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  pipeline_key: Type.String({ description: 'Public; stands in web pages' }),
  ...resourceFields,
});

const show = (source: Source): Static<typeof SourceView> => ({
  id: source.id,
  name: source.name,
  type: source.type,
  pipeline_key: pipelineKeyOf(source),
  ...showResource(source),
});

export function sourceRoutes(api: Api, context: ApiContext): void {
  const { projection, ids } = context;

  const find = (id: string): Source => {
    const source = projection.current.sources.get(id);
    if (source === undefined) throw apiError('SOURCE_NOT_FOUND', id.slice(0, 100));
    return source;
  };

  api.post(
    '/sources',
    {
      config: { permission: 'sources:write' },
      schema: { body: SourceBody, response: { 201: SourceView } },
    },
    async (request, reply) => {
      const { name, type } = request.body;
      const resourceId = ids.resource(sourceId.prefix);
      const payload = { 'signal.config.CreateSource': { name, type, pipelineKey: ids.pipelineKey() } };
      await submitChange(context, request, { resourceId, payload });
      return reply.code(201).send(show(find(resourceId)));
    },
  );

  api.get(
    '/sources',
    {
      config: { permission: 'sources:read' },
      schema: { querystring: PageQuery, response: { 200: pageOf(SourceView) } },
    },
    async (request) => paginate(projection.current.sources.values(), request.query, creationOrder, show),
  );

  api.get(
    '/sources/:id',
    {
      config: { permission: 'sources:read' },
      schema: { params: IdParams, response: { 200: SourceView } },
    },
    async (request) => show(find(request.params.id)),
  );
}
