import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { otherRevisionToPin, pipelineNotFound, withPipeline } from '../pipelines.ts';
import { changed } from '../resources/resource.ts';

/** How far one can roll back. */
const MAX_EARLIER = 100;

export const pinRevision = commandKind('signal.config.PinRevision', (state, command, { resourceId }) => {
  const pipeline = state.pipelines.get(resourceId);
  if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
  const revision = otherRevisionToPin(state, pipeline, command.revision);
  if ('rejection' in revision) return revision;
  return accepted({
    'signal.config.RevisionPinned': { pipelineId: pipeline.id, revision: revision.number },
  });
});

export const revisionPinned = eventKind('signal.config.RevisionPinned', 'pipeline.revision_pinned', {
  evolve: (state, event, meta) =>
    withPipeline(state, event.pipelineId, ({ revision, earlierRevisions }) => ({
      ...changed(meta),
      revision: event.revision,
      earlierRevisions: [...earlierRevisions, revision].slice(-MAX_EARLIER),
    })),
  show: (event) => ({ ...event }),
});
