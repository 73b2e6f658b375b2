import { commandKind, type EventDraft, rejected } from '../kind.ts';
import { otherRevisionToPin, pipelineNotFound } from '../pipelines.ts';
import { reject } from '../rejections.ts';

/** Several of a pipeline's other commands at once, or none of them. */
export const updatePipeline = commandKind(
  'signal.config.UpdatePipeline',
  (state, command, { resourceId }) => {
    const pipeline = state.pipelines.get(resourceId);
    if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
    const pipelineId = pipeline.id;
    const drafts: EventDraft[] = [];
    if (command.revision !== null && command.revision !== pipeline.revision) {
      const revision = otherRevisionToPin(state, pipeline, command.revision);
      if ('rejection' in revision) return revision;
      drafts.push({ payload: { 'signal.config.RevisionPinned': { pipelineId, revision: revision.number } } });
    }
    if (command.enabled !== null && command.enabled !== pipeline.enabled)
      drafts.push({
        payload: command.enabled
          ? { 'signal.config.PipelineEnabled': { pipelineId } }
          : { 'signal.config.PipelineDisabled': { pipelineId } },
      });
    const [first, ...rest] = drafts;
    return first === undefined
      ? rejected(reject('NOTHING_CHANGED', null, `${pipelineId} is like that already`))
      : { events: [first, ...rest] };
  },
);
