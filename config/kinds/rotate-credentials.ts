import { integrationNotFound, withIntegration } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const rotateCredentials = commandKind(
  'signal.config.RotateCredentials',
  (state, { secrets, fingerprints }, { resourceId }, { catalog }) => {
    const integration = state.integrations.get(resourceId);
    if (integration === undefined) return rejected(integrationNotFound(resourceId));
    const known = catalog.get(integration.vendor)?.settings.filter((field) => field.type === 'secret') ?? [];
    const keys = Object.keys(secrets);
    const unknown = keys.find((key) => !known.some((field) => field.key === key));
    if (unknown !== undefined) {
      const message = `there is no secret of that name; there are: ${known.map(({ key }) => key).join(', ')}`;
      return rejected(reject('UNKNOWN_SETTING', `settings.${unknown.slice(0, 100)}`, message));
    }
    if (keys.length === 0) return rejected(reject('MISSING_SETTING', 'settings', 'name at least one secret'));
    return accepted({
      'signal.config.CredentialsRotated': { integrationId: integration.id, secrets, fingerprints },
    });
  },
);

export const credentialsRotated = eventKind(
  'signal.config.CredentialsRotated',
  'integration.credentials_rotated',
  {
    evolve: (state, event, meta) =>
      withIntegration(state, event.integrationId, ({ secrets, fingerprints }) => ({
        ...changed(meta),
        secrets: new Map([...secrets, ...Object.entries(event.secrets)]),
        fingerprints: new Map([...fingerprints, ...Object.entries(event.fingerprints)]),
      })),
    show: ({ integrationId, fingerprints }) => ({ integrationId, fingerprints: { ...fingerprints } }),
  },
);
