import { newIdFault } from '../creation.ts';
import { integrationId } from '../ids.ts';
import { categoriesFault, contentFault } from '../integrations.ts';
import { parseJsonObject } from '../json.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, nameKey } from '../names.ts';
import { created } from '../resources/resource.ts';

export const installIntegration = commandKind(
  'signal.config.InstallIntegration',
  (state, command, meta, { catalog }) => {
    const fault =
      newIdFault(state, integrationId, meta.resourceId) ??
      nameFault(state, 'integration', command.name) ??
      contentFault(catalog, command, Object.keys(command.secrets)) ??
      categoriesFault(command.consentCategories);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.IntegrationInstalled': { integrationId: meta.resourceId, ...command } });
  },
);

export const integrationInstalled = eventKind('signal.config.IntegrationInstalled', 'integration.installed', {
  evolve(state, event, meta) {
    const id = integrationId.of(event.integrationId);
    const { name, vendor, variant, consentCategories } = event;
    const settings = parseJsonObject(event.settings) ?? {};
    return {
      ...state,
      names: state.names.set(nameKey('integration', name), id),
      integrations: state.integrations.set(id, {
        ...created(meta),
        id,
        name,
        vendor,
        consentCategories,
        secrets: new Map(Object.entries(event.secrets)),
        fingerprints: new Map(Object.entries(event.fingerprints)),
        paused: false,
        revisions: [
          {
            number: 1,
            status: 'published',
            variant,
            settings,
            summary: null,
            authors: [],
            approver: null,
            createdAt: meta.time,
            publishedAt: meta.time,
          },
        ],
      }),
    };
  },
  show: (event) => ({
    integrationId: event.integrationId,
    name: event.name,
    vendor: event.vendor,
    variant: event.variant,
    revision: 1,
    settings: parseJsonObject(event.settings) ?? {},
    fingerprints: { ...event.fingerprints },
    consentCategories: [...event.consentCategories],
  }),
});
