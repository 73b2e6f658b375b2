import { withIntegration, withRevision } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { approvalFault, findUnpublished, personOf } from '../revisions.ts';

export const approveRevision = commandKind(
  'signal.config.ApproveRevision',
  (state, { revision: number }, { resourceId, actor }) => {
    const found = findUnpublished(state, resourceId, number);
    if ('rejection' in found) return found;
    const { integration, revision } = found;
    const approver = personOf(state, actor);
    if (revision.approver === approver)
      return rejected(
        reject('NOTHING_CHANGED', 'revision', `${approver} has approved revision ${number} already`),
      );
    // What somebody approved may need another one's approval, since that was required.
    if (revision.status === 'draft')
      return rejected(
        reject('REVISION_NOT_SUBMITTED', 'revision', `revision ${number} is a draft, not submitted`),
      );
    const fault = approvalFault(state, revision, approver);
    if (fault !== undefined) return rejected(fault);
    return accepted({
      'signal.config.RevisionApproved': { integrationId: integration.id, revision: number, approver },
    });
  },
);

export const revisionApproved = eventKind('signal.config.RevisionApproved', 'revision.approved', {
  evolve: (state, { integrationId, revision, approver }, meta) =>
    withIntegration(state, integrationId, (integration) => ({
      ...changed(meta),
      revisions: withRevision(integration, revision, { status: 'approved', approver }),
    })),
  show: (event) => ({ ...event }),
});
