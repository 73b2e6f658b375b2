import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { pipelineNotFound, withPipeline } from '../pipelines.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const rollBackPipeline = commandKind('signal.config.RollBackPipeline', (state, _, { resourceId }) => {
  const pipeline = state.pipelines.get(resourceId);
  if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
  const revision = pipeline.earlierRevisions.at(-1);
  if (revision === undefined)
    return rejected(
      reject('NOTHING_TO_ROLL_BACK', null, `${pipeline.id} had no revision before ${pipeline.revision}`),
    );
  return accepted({ 'signal.config.PipelineRolledBack': { pipelineId: pipeline.id, revision } });
});

export const pipelineRolledBack = eventKind('signal.config.PipelineRolledBack', 'pipeline.rolled_back', {
  evolve: (state, { pipelineId, revision }, meta) =>
    withPipeline(state, pipelineId, ({ earlierRevisions }) => ({
      ...changed(meta),
      revision,
      earlierRevisions: earlierRevisions.slice(0, -1),
    })),
  show: (event) => ({ ...event }),
});
