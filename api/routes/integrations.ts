import { type Static, Type } from '@sinclair/typebox';
import { type Integration, integrationId, type JsonValue, latestRevision } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { ApiError, apiError, validationFailed } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import {
  readSettings,
  SETTINGS_PATHS,
  type SealedSecrets,
  sealAll,
  valuesOf,
} from './integration-settings.ts';
import { creationOrder, IdParams, NameField, resourceFields, showResource } from './shared.ts';

const IntegrationBody = Type.Object(
  {
    vendor: Type.String({ minLength: 1, maxLength: 100, description: 'Key in the integration catalog' }),
    name: NameField,
    variant: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: "Left out: the vendor's first one" }),
    ),
    config: Type.Optional(
      Type.Record(Type.String(), Type.Unsafe<JsonValue>(Type.Unknown()), {
        description: "The vendor's settings, secrets in clear among them",
      }),
    ),
    consent_categories: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        maxItems: 50,
        description:
          "An event is delivered when all of them are granted; none: consent is not asked for. Left out: the vendor's usual ones",
      }),
    ),
  },
  { additionalProperties: false },
);

const IntegrationView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  vendor: Type.String(),
  variant: Type.String(),
  revision: Type.Integer({ description: 'The latest one, to which variant and config belong' }),
  config: Type.Record(Type.String(), Type.Unknown(), { description: 'Without the secrets' }),
  secrets: Type.Record(Type.String(), Type.Object({ fingerprint: Type.String() })),
  consent_categories: Type.Array(Type.String()),
  ...resourceFields,
});

function show(integration: Integration): Static<typeof IntegrationView> {
  const revision = latestRevision(integration);
  return {
    id: integration.id,
    name: integration.name,
    vendor: integration.vendor,
    variant: revision?.variant ?? '',
    revision: revision?.number ?? 0,
    config: { ...revision?.settings },
    secrets: Object.fromEntries(
      [...integration.secrets.keys()].map((key) => [
        key,
        { fingerprint: integration.fingerprints.get(key) ?? '' },
      ]),
    ),
    consent_categories: [...integration.consentCategories],
    ...showResource(integration),
  };
}

export function integrationRoutes(api: Api, context: ApiContext): void {
  const { projection, ids, catalog, secrets: vault } = context;

  const find = (id: string, state = projection.current): Integration => {
    const integration = state.integrations.get(id);
    if (integration === undefined) throw apiError('INTEGRATION_NOT_FOUND', id.slice(0, 100));
    return integration;
  };

  const unknownVendor = (key: string): ApiError =>
    validationFailed([
      {
        path: 'vendor',
        code: 'UNKNOWN_VENDOR',
        message: `the catalog has no "${key}"; it has: ${[...catalog.keys()].join(', ')}`,
      },
    ]);

  const destroyAll = async (sealed: SealedSecrets): Promise<void> => {
    await Promise.all([...sealed.values()].map((secret) => vault.destroy(secret.sealed)));
  };

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
      const sealed = await sealAll(vault, secrets);
      const command = {
        name,
        vendor: vendor.key,
        variant: variant ?? vendor.variants[0]?.key ?? '',
        settings: JSON.stringify(settings),
        secrets: valuesOf(sealed, 'sealed'),
        fingerprints: valuesOf(sealed, 'fingerprint'),
        consentCategories: categories ?? vendor.consentCategories,
      };
      const resourceId = ids.resource(integrationId.prefix);
      const payload = { 'signal.config.InstallIntegration': command };
      try {
        await submitChange(context, request, { resourceId, payload }, SETTINGS_PATHS);
      } catch (error) {
        // Only when it was refused for certain: after a timeout it may yet be installed.
        if (error instanceof ApiError && error.status < 500) await destroyAll(sealed);
        throw error;
      }
      return reply.code(201).send(show(find(resourceId)));
    },
  );

  api.get(
    '/integrations',
    {
      config: { permission: 'integrations:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(IntegrationView) } },
    },
    async (request) =>
      paginate(stateAt(projection, request.query).integrations.values(), request.query, creationOrder, show),
  );

  api.get(
    '/integrations/:id',
    {
      config: { permission: 'integrations:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: IntegrationView } },
    },
    async (request) => show(find(request.params.id, stateAt(projection, request.query))),
  );
}
