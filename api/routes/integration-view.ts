import { type Static, Type } from '@sinclair/typebox';
import { type ConfigState, type Integration, latestRevision } from '../../config/index.ts';
import { apiError } from '../errors.ts';
import { resourceFields, showResource } from './shared.ts';

export const IntegrationView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  vendor: Type.String(),
  variant: Type.String(),
  revision: Type.Integer({ description: 'The latest published one, to which variant and config belong' }),
  latest_draft: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The latest revision, if it is not published yet',
  }),
  config: Type.Record(Type.String(), Type.Unknown(), { description: 'Without the secrets' }),
  secrets: Type.Record(Type.String(), Type.Object({ fingerprint: Type.String() })),
  consent_categories: Type.Array(Type.String()),
  paused: Type.Boolean({ description: 'Nothing is delivered; what there is to deliver waits' }),
  ...resourceFields,
});

export function showIntegration(integration: Integration): Static<typeof IntegrationView> {
  const published = latestRevision(integration);
  const newest = integration.revisions.at(-1);
  return {
    id: integration.id,
    name: integration.name,
    vendor: integration.vendor,
    variant: published?.variant ?? '',
    revision: published?.number ?? 0,
    latest_draft: newest === undefined || newest.status === 'published' ? null : newest.number,
    config: { ...published?.settings },
    secrets: Object.fromEntries(
      [...integration.secrets.keys()].map((key) => [
        key,
        { fingerprint: integration.fingerprints.get(key) ?? '' },
      ]),
    ),
    consent_categories: [...integration.consentCategories],
    paused: integration.paused,
    ...showResource(integration),
  };
}

export function findIntegration(state: ConfigState, id: string): Integration {
  const integration = state.integrations.get(id);
  if (integration === undefined) throw apiError('INTEGRATION_NOT_FOUND', id.slice(0, 100));
  return integration;
}
