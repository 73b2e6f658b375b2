import { withIntegration, withRevision } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { findUnpublished } from '../revisions.ts';

export const submitRevision = commandKind(
  'signal.config.SubmitRevision',
  (state, { revision: number }, { resourceId }) => {
    const found = findUnpublished(state, resourceId, number);
    if ('rejection' in found) return found;
    const { status } = found.revision;
    if (status !== 'draft')
      return rejected(reject('REVISION_NOT_DRAFT', 'revision', `revision ${number} is ${status} already`));
    return accepted({
      'signal.config.RevisionSubmitted': { integrationId: found.integration.id, revision: number },
    });
  },
);

export const revisionSubmitted = eventKind('signal.config.RevisionSubmitted', 'revision.submitted', {
  evolve: (state, { integrationId, revision }, meta) =>
    withIntegration(state, integrationId, (integration) => ({
      ...changed(meta),
      revisions: withRevision(integration, revision, { status: 'submitted' }),
    })),
  show: (event) => ({ ...event }),
});
