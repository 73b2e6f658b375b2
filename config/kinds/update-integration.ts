import { categoriesFault, contentFault, integrationNotFound, withIntegration } from '../integrations.ts';
import { commandKind, type EventDraft, eventKind, rejected } from '../kind.ts';
import { nameFault, renamed } from '../names.ts';
import { reject } from '../rejections.ts';
import { latestRevision } from '../resources/integration.ts';
import { changed } from '../resources/resource.ts';
import { personOf } from '../revisions.ts';

export const updateIntegration = commandKind(
  'signal.config.UpdateIntegration',
  (state, command, meta, { catalog }) => {
    const integration = state.integrations.get(meta.resourceId);
    if (integration === undefined) return rejected(integrationNotFound(meta.resourceId));
    const { id, vendor, secrets } = integration;
    const latest = latestRevision(integration);
    const before = { variant: latest?.variant ?? '', settings: JSON.stringify(latest?.settings ?? {}) };
    const name = command.name ?? integration.name;
    const consentCategories = command.consentCategories ?? integration.consentCategories;
    const variant = command.variant ?? before.variant;
    const settings = command.settings ?? before.settings;
    const redrafted = variant !== before.variant || settings !== before.settings;
    const fault =
      nameFault(state, 'integration', name, id) ??
      categoriesFault(consentCategories) ??
      (redrafted ? contentFault(catalog, { vendor, variant, settings }, secrets.keys()) : undefined);
    if (fault !== undefined) return rejected(fault);

    const drafts: EventDraft[] = [];
    if (name !== integration.name || consentCategories.join() !== integration.consentCategories.join())
      drafts.push({
        payload: { 'signal.config.IntegrationUpdated': { integrationId: id, name, consentCategories } },
      });
    if (redrafted) {
      const revision = integration.revisions.length + 1;
      const author = personOf(state, meta.actor);
      const draft = { integrationId: id, revision, variant, settings, summary: meta.reason, author };
      drafts.push({ payload: { 'signal.config.RevisionDrafted': draft } });
    }
    const [first, ...rest] = drafts;
    return first === undefined
      ? rejected(reject('NOTHING_CHANGED', null, `${id} is like that already`))
      : { events: [first, ...rest] };
  },
);

export const integrationUpdated = eventKind('signal.config.IntegrationUpdated', 'integration.updated', {
  evolve(state, { integrationId, name, consentCategories }, meta) {
    const integration = state.integrations.get(integrationId);
    if (integration === undefined) return state;
    const names = renamed(state.names, 'integration', integration, name);
    return withIntegration({ ...state, names }, integrationId, () => ({
      ...changed(meta),
      name,
      consentCategories,
    }));
  },
  show: ({ consentCategories, ...event }) => ({ ...event, consentCategories: [...consentCategories] }),
});
