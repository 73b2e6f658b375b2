import { contentFault, integrationNotFound, withIntegration } from '../integrations.ts';
import { parseJsonObject } from '../json.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { changed } from '../resources/resource.ts';
import { drafted, findUnpublished, personOf } from '../revisions.ts';

export const draftRevision = commandKind(
  'signal.config.DraftRevision',
  (state, command, meta, { catalog }) => {
    const integration = state.integrations.get(meta.resourceId);
    if (integration === undefined) return rejected(integrationNotFound(meta.resourceId));
    if (command.revision !== null) {
      const found = findUnpublished(state, integration.id, command.revision);
      if ('rejection' in found) return found;
    }
    const { variant, settings, summary } = command;
    const content = { vendor: integration.vendor, variant, settings };
    const fault = contentFault(catalog, content, integration.secrets.keys());
    if (fault !== undefined) return rejected(fault);
    return accepted({
      'signal.config.RevisionDrafted': {
        integrationId: integration.id,
        revision: command.revision ?? integration.revisions.length + 1,
        variant,
        settings,
        summary,
        author: personOf(state, meta.actor),
      },
    });
  },
);

export const revisionDrafted = eventKind('signal.config.RevisionDrafted', 'revision.drafted', {
  evolve: (state, event, meta) =>
    withIntegration(state, event.integrationId, (integration) => ({
      ...changed(meta),
      revisions: drafted(integration, event, meta),
    })),
  show: ({ settings, ...event }) => ({ ...event, settings: parseJsonObject(settings) ?? {} }),
});
