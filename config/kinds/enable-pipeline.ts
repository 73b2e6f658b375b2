import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { pipelineNotFound, withPipeline } from '../pipelines.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const enablePipeline = commandKind('signal.config.EnablePipeline', (state, _, { resourceId }) => {
  const pipeline = state.pipelines.get(resourceId);
  if (pipeline === undefined) return rejected(pipelineNotFound(resourceId));
  if (pipeline.enabled) return rejected(reject('NOTHING_CHANGED', null, `${pipeline.id} is enabled already`));
  return accepted({ 'signal.config.PipelineEnabled': { pipelineId: pipeline.id } });
});

export const pipelineEnabled = eventKind('signal.config.PipelineEnabled', 'pipeline.enabled', {
  evolve: (state, { pipelineId }, meta) =>
    withPipeline(state, pipelineId, () => ({ ...changed(meta), enabled: true })),
  show: (event) => ({ ...event }),
});
