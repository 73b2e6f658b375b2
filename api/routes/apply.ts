import { type Static, Type } from '@sinclair/typebox';
import { applyFile, ConfigFile, fileOf, type Outcome, planOnly } from '../apply/index.ts';
import type { ApiContext } from '../deps.ts';
import { ApiError, validationFailed } from '../errors.ts';
import { AtQuery, stateAt } from '../http/at.ts';
import type { Api } from '../http/type-provider.ts';
import { FieldChangeView, Nullable } from './shared.ts';

const MAX_FILE_BYTES = 512 * 1024;

const ApplyQuery = Type.Object(
  {
    plan: Type.Optional(
      Type.Union([Type.Literal('true'), Type.Literal('false')], {
        description: 'true: only tell what would change',
        errorMessage: 'Expected true or false',
      }),
    ),
  },
  { additionalProperties: false },
);

const KindField = Type.String({ description: 'source, integration, pipeline, consent or settings' });

const OutcomeView = Type.Object({
  applied: Type.Boolean({ description: 'false: it is a plan, nothing was changed' }),
  version: Type.Integer({
    description: 'Of the configuration: what was planned from, or what applying led to. For `If-Match`',
  }),
  changes: Type.Array(
    Type.Object({
      action: Type.String({ description: 'create, update or delete' }),
      kind: KindField,
      name: Type.String(),
      id: Nullable(Type.String(), { description: 'null: it is still to be created' }),
      path: Type.String({ description: 'Where the file says so: sources[0]; of a deletion, the section' }),
      fields: Type.Array(FieldChangeView),
    }),
  ),
  not_in_file: Type.Array(Type.Object({ kind: KindField, name: Type.String(), id: Type.String() }), {
    description: 'Left as it is: the section does not list it, and `prune` is not set',
  }),
  notices: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
    description: 'What to know besides: a revision that waits for approval, a pipeline that stays behind',
  }),
});

const show = (outcome: Outcome, applied: boolean): Static<typeof OutcomeView> => ({
  applied,
  version: outcome.version,
  changes: outcome.differences.map(({ action, kind, name, id, path, fields }) => ({
    action,
    kind,
    name,
    id: action === 'create' && !applied ? null : id,
    path,
    fields: fields.map((field) => ({ ...field })),
  })),
  not_in_file: outcome.unlisted.map((each) => ({ ...each })),
  notices: outcome.notices.map((each) => ({ ...each })),
});

/** `sources.0.name` → `sources[0].name`, as everything else about a file names its entries. */
function byEntries(error: Error): Error {
  if (!(error instanceof ApiError) || error.details === undefined) return error;
  return validationFailed(
    error.details.map(({ path, ...rest }) => ({ ...rest, path: path.replace(/^(\w+)\.(\d+)/, '$1[$2]') })),
  );
}

/** The configuration as a whole: what it is, and what it is to be. */
export function applyRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/config/state',
    {
      config: { permission: 'config:read' },
      schema: {
        operationId: 'getConfigState',
        description:
          'The whole configuration without users and tokens, in the form that `apply` takes: applied as it stands, it changes nothing. Secrets are named by their fingerprints. `ETag` is the version of the configuration.',
        querystring: AtQuery,
        response: { 200: ConfigFile },
      },
    },
    async (request, reply) => {
      const state = stateAt(context.projection, request.query);
      reply.header('etag', `"${state.version}"`);
      return fileOf(state);
    },
  );

  api.post(
    '/apply',
    {
      config: { permission: 'config:write' },
      bodyLimit: MAX_FILE_BYTES,
      attachValidation: true,
      schema: {
        operationId: 'applyConfig',
        description:
          'Makes the configuration what the body says: all of it, or nothing. What the body leaves out is not touched. With `If-Match` it is refused if the configuration has another version by now than the plan was made from.',
        querystring: ApplyQuery,
        body: ConfigFile,
        response: { 200: OutcomeView },
      },
    },
    async (request, reply) => {
      if (request.validationError !== undefined) throw byEntries(request.validationError);
      const isPlan = request.query.plan === 'true';
      const outcome = await (isPlan ? planOnly : applyFile)(context, request, request.body);
      reply.header('etag', `"${outcome.version}"`);
      return show(outcome, !isPlan);
    },
  );
}
