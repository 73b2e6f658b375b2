import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CommandPayload, type Integration, type Revision, revisionOf } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { mergeSettings, SETTINGS_PATHS } from './integration-settings.ts';
import { findIntegration } from './integration-view.ts';
import { ConfigField, VariantField } from './integrations.ts';
import { IdParams, Nullable, Timestamp, timestamp } from './shared.ts';

const DraftFields = {
  variant: Type.Optional({ ...VariantField, description: "Left out: the latest revision's" }),
  config: Type.Optional(
    ConfigField('Settings to change from those of the latest published revision, null to leave one out'),
  ),
  summary: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'What changed, and why' })),
};

const DraftBody = Type.Object(DraftFields, { additionalProperties: false });

const RevisionParams = Type.Object({
  id: Type.String(),
  revision: Type.String({ pattern: '^[1-9][0-9]{0,8}$', errorMessage: 'Expected the number of a revision' }),
});

const RevisionView = Type.Object({
  revision: Type.Integer(),
  status: Type.String({ description: 'draft, submitted, approved or published' }),
  variant: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown(), { description: 'Without the secrets' }),
  summary: Nullable(Type.String()),
  authors: Type.Array(Type.String(), {
    description: 'Who drafted it: none of them can be its second person',
  }),
  approver: Nullable(Type.String()),
  created_at: Timestamp,
  published_at: Nullable(Type.String({ description: 'ISO 8601, UTC; it never changes from then on' })),
});

const show = (revision: Revision): Static<typeof RevisionView> => ({
  revision: revision.number,
  status: revision.status,
  variant: revision.variant,
  config: { ...revision.settings },
  summary: revision.summary,
  authors: [...revision.authors],
  approver: revision.approver,
  created_at: timestamp(revision.createdAt),
  published_at: revision.publishedAt === null ? null : timestamp(revision.publishedAt),
});

/** The revisions of an integration share its version: each change of one is a change of the integration. */
export function revisionRoutes(api: Api, context: ApiContext): void {
  const { projection, catalog } = context;

  const answer = (reply: FastifyReply, integration: Integration, number: number) => {
    const revision = revisionOf(integration, number);
    if (revision === undefined) throw apiError('REVISION_NOT_FOUND', `${integration.id}/${number}`);
    reply.header('etag', `"${integration.version}"`);
    return show(revision);
  };

  /** `number`: left out, the one that was drafted last. */
  const change = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    payload: CommandPayload,
    number?: number,
  ) => {
    const change = { resourceId: id, payload };
    const { state } = await submitChange(context, request, change, SETTINGS_PATHS);
    const integration = findIntegration(state, id);
    return answer(reply, integration, number ?? integration.revisions.length);
  };

  const draft = (id: string, revision: number | null, body: Static<typeof DraftBody>): CommandPayload => {
    const integration = findIntegration(projection.current, id);
    const settings = JSON.stringify(mergeSettings(catalog, integration, body.config ?? {}));
    const variant = body.variant ?? integration.revisions.at(-1)?.variant ?? '';
    return { 'signal.config.DraftRevision': { revision, variant, settings, summary: body.summary ?? null } };
  };

  api.get(
    '/integrations/:id/revisions',
    {
      config: { permission: 'integrations:read' },
      schema: { params: IdParams, querystring: ConfigPageQuery, response: { 200: pageOf(RevisionView) } },
    },
    async (request) => {
      const { revisions } = findIntegration(stateAt(projection, request.query), request.params.id);
      return paginate(revisions, request.query, (revision) => revision.number, show);
    },
  );

  api.get(
    '/integrations/:id/revisions/:revision',
    {
      config: { permission: 'integrations:read' },
      schema: { params: RevisionParams, querystring: AtQuery, response: { 200: RevisionView } },
    },
    async (request, reply) => {
      const integration = findIntegration(stateAt(projection, request.query), request.params.id);
      return answer(reply, integration, Number(request.params.revision));
    },
  );

  api.post(
    '/integrations/:id/revisions',
    {
      config: { permission: 'integrations:write' },
      schema: {
        operationId: 'draftRevision',
        params: IdParams,
        body: DraftBody,
        response: { 201: RevisionView },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return reply.code(201).send(await change(request, reply, id, draft(id, null, request.body)));
    },
  );

  api.put(
    '/integrations/:id/revisions/:revision',
    {
      config: { permission: 'integrations:write' },
      schema: {
        operationId: 'redraftRevision',
        description: 'It is a draft again, whatever it was; refused once it is published.',
        params: RevisionParams,
        body: DraftBody,
        response: { 200: RevisionView },
      },
    },
    async (request, reply) => {
      const { id, revision } = request.params;
      return change(request, reply, id, draft(id, Number(revision), request.body), Number(revision));
    },
  );

  const step = (
    name: string,
    permission: 'integrations:write' | 'revisions:publish',
    description: string,
    payload: (revision: number) => CommandPayload,
  ): void => {
    api.post(
      `/integrations/:id/revisions/:revision/${name}`,
      {
        config: { permission },
        schema: {
          operationId: `${name}Revision`,
          description,
          params: RevisionParams,
          response: { 200: RevisionView },
        },
      },
      async (request, reply) => {
        const { id, revision } = request.params;
        return change(request, reply, id, payload(Number(revision)), Number(revision));
      },
    );
  };

  step('submit', 'integrations:write', 'Ask for its approval.', (revision) => ({
    'signal.config.SubmitRevision': { revision },
  }));
  step(
    'approve',
    'revisions:publish',
    'Where approval is required, by a user who did not draft it.',
    (revision) => ({ 'signal.config.ApproveRevision': { revision } }),
  );
  step(
    'publish',
    'revisions:publish',
    'Pipelines can be pinned to it from now on, and it never changes again.',
    (revision) => ({ 'signal.config.PublishRevision': { revision } }),
  );
}
