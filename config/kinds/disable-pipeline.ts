import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { pipelineNotFound, withPipeline } from '../pipelines.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const disablePipeline = commandKind('signal.config.DisablePipeline', (state, _, { resourceId }) => {
  const pipeline = state.pipelines.get(resourceId);
  if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
  if (!pipeline.enabled)
    return rejected(reject('NOTHING_CHANGED', null, `${pipeline.id} is disabled already`));
  return accepted({ 'signal.config.PipelineDisabled': { pipelineId: pipeline.id } });
});

export const pipelineDisabled = eventKind('signal.config.PipelineDisabled', 'pipeline.disabled', {
  evolve: (state, { pipelineId }, meta) =>
    withPipeline(state, pipelineId, () => ({ ...changed(meta), enabled: false })),
  show: (event) => ({ ...event }),
});
