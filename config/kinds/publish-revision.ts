import { contentFault, withIntegration, withRevision } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { approvalFault, findUnpublished } from '../revisions.ts';

export const publishRevision = commandKind(
  'signal.config.PublishRevision',
  (state, { revision: number }, { resourceId }, { catalog }) => {
    const found = findUnpublished(state, resourceId, number);
    if ('rejection' in found) return found;
    const { integration, revision } = found;
    if (state.settings.approvalRequired && revision.approver === null)
      return rejected(
        reject(
          'APPROVAL_REQUIRED',
          'revision',
          `revision ${number} is ${revision.status}: it must be approved`,
        ),
      );
    // It may have been approved when a second person was not required.
    const fault =
      (revision.approver === null ? undefined : approvalFault(state, revision, revision.approver)) ??
      contentFault(
        catalog,
        {
          vendor: integration.vendor,
          variant: revision.variant,
          settings: JSON.stringify(revision.settings),
        },
        integration.secrets.keys(),
      );
    if (fault !== undefined) return rejected(fault);
    return accepted({
      'signal.config.RevisionPublished': { integrationId: integration.id, revision: number },
    });
  },
);

export const revisionPublished = eventKind('signal.config.RevisionPublished', 'revision.published', {
  evolve: (state, { integrationId, revision }, meta) =>
    withIntegration(state, integrationId, (integration) => ({
      ...changed(meta),
      revisions: withRevision(integration, revision, { status: 'published', publishedAt: meta.time }),
    })),
  show: (event) => ({ ...event }),
});
