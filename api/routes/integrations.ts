import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { integrationId, type JsonValue } from '../../config/index.ts';
import { type Changed, submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { type ApiError, validationFailed } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { checkSecrets, mergeSettings, readSettings, SETTINGS_PATHS } from './integration-settings.ts';
import { findIntegration, IntegrationView, showIntegration } from './integration-view.ts';
import { changeSecrets, destroyUnused, valuesOf } from './secret-changes.ts';
import { creationOrder, IdParams, NameField, tagged } from './shared.ts';

export const VariantField = Type.String({ minLength: 1, maxLength: 100 });

export const ConfigField = (description: string) =>
  Type.Record(Type.String(), Type.Unsafe<JsonValue>(Type.Unknown()), { description });

const CategoriesField = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50, description });

const NEEDED = 'An event is delivered when all of them are granted; none: consent is not asked for';

export const IntegrationBody = Type.Object(
  {
    vendor: Type.String({ minLength: 1, maxLength: 100, description: 'Key in the integration catalog' }),
    name: NameField,
    variant: Type.Optional({ ...VariantField, description: "Left out: the vendor's first one" }),
    config: Type.Optional(ConfigField("The vendor's settings, secrets in clear among them")),
    consent_categories: Type.Optional(CategoriesField(`${NEEDED}. Left out: the vendor's usual ones`)),
  },
  { additionalProperties: false },
);

const IntegrationChanges = Type.Object(
  {
    name: Type.Optional(NameField),
    consent_categories: Type.Optional(CategoriesField(NEEDED)),
    variant: Type.Optional(VariantField),
    config: Type.Optional(
      ConfigField('Settings to change, null to leave one out; the others stay. Secrets: see credentials'),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const SecretField = Type.String({ minLength: 1, maxLength: 8192 });

const SecretsBody = Type.Object(
  {
    secrets: Type.Record(Type.String({ maxLength: 100 }), SecretField, {
      description: 'In clear, by setting key; those not named stay',
    }),
  },
  { additionalProperties: false },
);

export function integrationRoutes(api: Api, context: ApiContext): void {
  const { projection, ids, catalog, secrets: vault } = context;

  const answer = (reply: FastifyReply, { resourceId, state }: Changed): Static<typeof IntegrationView> =>
    tagged(reply, showIntegration(findIntegration(state, resourceId)));

  const unknownVendor = (key: string): ApiError =>
    validationFailed([
      {
        path: 'vendor',
        code: 'UNKNOWN_VENDOR',
        message: `the catalog has no "${key}"; it has: ${[...catalog.keys()].join(', ')}`,
      },
    ]);

  api.post(
    '/integrations',
    {
      config: { permission: 'integrations:write' },
      schema: { body: IntegrationBody, response: { 201: IntegrationView } },
    },
    async (request, reply) => {
      const { vendor: key, name, variant, config = {}, consent_categories: categories } = request.body;
      const vendor = catalog.get(key);
      if (vendor === undefined) throw unknownVendor(key);
      const { settings, secrets } = readSettings(vendor, config);
      const resourceId = ids.resource(integrationId.prefix);
      const changed = await changeSecrets(vault, secrets, (sealed) => {
        const command = {
          name,
          vendor: vendor.key,
          variant: variant ?? vendor.variants[0]?.key ?? '',
          settings: JSON.stringify(settings),
          secrets: valuesOf(sealed, 'sealed'),
          fingerprints: valuesOf(sealed, 'fingerprint'),
          consentCategories: categories ?? vendor.consentCategories,
        };
        const payload = { 'signal.config.InstallIntegration': command };
        return submitChange(context, request, { resourceId, payload }, SETTINGS_PATHS);
      });
      return reply.code(201).send(answer(reply, changed));
    },
  );

  api.get(
    '/integrations',
    {
      config: { permission: 'integrations:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(IntegrationView) } },
    },
    async (request) => {
      const { integrations } = stateAt(projection, request.query);
      return paginate(integrations.values(), request.query, creationOrder, showIntegration);
    },
  );

  api.get(
    '/integrations/:id',
    {
      config: { permission: 'integrations:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: IntegrationView } },
    },
    async (request, reply) =>
      tagged(reply, showIntegration(findIntegration(stateAt(projection, request.query), request.params.id))),
  );

  api.patch(
    '/integrations/:id',
    {
      config: { permission: 'integrations:write' },
      schema: {
        description:
          'Name and consent categories count at once. Variant and config become the draft of a new revision.',
        params: IdParams,
        body: IntegrationChanges,
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) => {
      const { name = null, consent_categories: categories = null, variant = null, config } = request.body;
      const resourceId = request.params.id;
      const integration = findIntegration(projection.current, resourceId);
      const settings =
        config === undefined ? null : JSON.stringify(mergeSettings(catalog, integration, config));
      const payload = {
        'signal.config.UpdateIntegration': { name, consentCategories: categories, variant, settings },
      };
      return answer(reply, await submitChange(context, request, { resourceId, payload }, SETTINGS_PATHS));
    },
  );

  api.post(
    '/integrations/:id/credentials',
    {
      config: { permission: 'integrations:write' },
      schema: {
        operationId: 'rotateCredentials',
        description: 'The secrets before are destroyed. Deliveries use the new ones at once.',
        params: IdParams,
        body: SecretsBody,
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) => {
      const resourceId = request.params.id;
      const { vendor } = findIntegration(projection.current, resourceId);
      const secrets = new Map(Object.entries(request.body.secrets));
      checkSecrets(catalog.get(vendor), secrets);
      const changed = await changeSecrets(vault, secrets, (sealed) => {
        const command = {
          secrets: valuesOf(sealed, 'sealed'),
          fingerprints: valuesOf(sealed, 'fingerprint'),
        };
        const payload = { 'signal.config.RotateCredentials': command };
        return submitChange(context, request, { resourceId, payload }, { settings: 'secrets' });
      });
      return answer(reply, changed);
    },
  );

  api.post(
    '/integrations/:id/pause',
    {
      config: { permission: 'integrations:write' },
      schema: {
        description: 'Deliver nothing for now; what there is to deliver waits.',
        params: IdParams,
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.PauseIntegration': {} };
      return answer(reply, await submitChange(context, request, { resourceId: request.params.id, payload }));
    },
  );

  api.post(
    '/integrations/:id/resume',
    {
      config: { permission: 'integrations:write' },
      schema: { params: IdParams, response: { 200: IntegrationView } },
    },
    async (request, reply) => {
      const payload = { 'signal.config.ResumeIntegration': {} };
      return answer(reply, await submitChange(context, request, { resourceId: request.params.id, payload }));
    },
  );

  api.delete(
    '/integrations/:id',
    {
      config: { permission: 'integrations:delete' },
      schema: {
        description: 'Refused while a pipeline uses it. Its secrets are destroyed.',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const payload = { 'signal.config.DeleteIntegration': {} };
      const changed = await submitChange(context, request, { resourceId: request.params.id, payload });
      await destroyUnused(vault, changed);
      return reply.code(204).send(null);
    },
  );
}
