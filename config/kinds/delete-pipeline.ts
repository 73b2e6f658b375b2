import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { dropPipeline, pipelineNotFound } from '../pipelines.ts';

export const deletePipeline = commandKind('signal.config.DeletePipeline', (state, _, { resourceId }) => {
  const pipeline = state.pipelines.get(resourceId);
  if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
  return accepted({ 'signal.config.PipelineDeleted': { pipelineId: pipeline.id } });
});

export const pipelineDeleted = eventKind('signal.config.PipelineDeleted', 'pipeline.deleted', {
  evolve(state, { pipelineId }) {
    const pipeline = state.pipelines.get(pipelineId);
    return pipeline === undefined ? state : dropPipeline(state, pipeline);
  },
  show: (event) => ({ ...event }),
});
