import { newIdFault } from '../creation.ts';
import { integrationId, pipelineId, sourceId } from '../ids.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { putPipeline, revisionToPin } from '../pipelines.ts';
import { reject } from '../rejections.ts';
import type { Pipeline } from '../resources/pipeline.ts';
import { created } from '../resources/resource.ts';

export const createPipeline = commandKind('signal.config.CreatePipeline', (state, command, meta) => {
  const fault = newIdFault(state, pipelineId, meta.resourceId);
  if (fault !== undefined) return rejected(fault);
  const source = state.sources.get(command.sourceId);
  if (source === undefined)
    return rejected(reject('UNKNOWN_SOURCE', 'sourceId', `there is no source ${command.sourceId}`));
  const integration = state.integrations.get(command.integrationId);
  if (integration === undefined)
    return rejected(
      reject('UNKNOWN_INTEGRATION', 'integrationId', `there is no integration ${command.integrationId}`),
    );
  const revision = revisionToPin(integration, command.revision);
  if ('rejection' in revision) return revision;
  const twin = state.pipelinesBySource
    .get(source.id)
    ?.find((pipeline) => pipeline.integrationId === integration.id);
  if (twin !== undefined)
    return rejected(
      reject('PIPELINE_EXISTS', 'integrationId', `${twin.id} already connects this source and integration`),
    );
  return accepted({
    'signal.config.PipelineCreated': {
      pipelineId: meta.resourceId,
      sourceId: source.id,
      integrationId: integration.id,
      revision: revision.number,
      enabled: command.enabled,
      filter: command.filter,
      parameters: command.parameters,
    },
  });
});

export const pipelineCreated = eventKind('signal.config.PipelineCreated', 'pipeline.created', {
  evolve(state, event, meta) {
    const pipeline: Pipeline = {
      ...created(meta),
      id: pipelineId.of(event.pipelineId),
      sourceId: sourceId.of(event.sourceId),
      integrationId: integrationId.of(event.integrationId),
      revision: event.revision,
      earlierRevisions: [],
      enabled: event.enabled,
      filter: event.filter,
      parameters: new Map(Object.entries(event.parameters)),
    };
    return putPipeline(state, pipeline);
  },
  show: ({ parameters, ...event }) => ({ ...event, parameters: { ...parameters } }),
});
