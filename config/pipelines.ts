import { type Rejection, reject } from './rejections.ts';
import { type Integration, latestRevision, type Revision, revisionOf } from './resources/integration.ts';
import type { Pipeline } from './resources/pipeline.ts';
import type { ConfigState } from './state.ts';

export const pipelineNotFound = (id: string): Rejection =>
  reject('PIPELINE_NOT_FOUND', null, `there is no pipeline ${id}`);

/** The published revision of that number, the latest one where none is named. */
export function revisionToPin(
  integration: Integration,
  number: number | null,
): Revision | { readonly rejection: Rejection } {
  const revision = number === null ? latestRevision(integration) : revisionOf(integration, number);
  if (revision === undefined)
    return {
      rejection: reject('UNKNOWN_REVISION', 'revision', `${integration.id} has no revision ${number}`),
    };
  if (revision.status !== 'published')
    return {
      rejection: reject(
        'NOT_PUBLISHED',
        'revision',
        `revision ${revision.number} of ${integration.id} is not published (${revision.status})`,
      ),
    };
  return revision;
}

/** As `revisionToPin`, for a pipeline there is: another one than it has. */
export function otherRevisionToPin(
  state: ConfigState,
  pipeline: Pipeline,
  number: number | null,
): Revision | { readonly rejection: Rejection } {
  const integration = state.integrations.get(pipeline.integrationId);
  if (integration === undefined) throw new Error(`${pipeline.id} leads to no integration`);
  const revision = revisionToPin(integration, number);
  if ('rejection' in revision || revision.number !== pipeline.revision) return revision;
  return {
    rejection: reject(
      'NOTHING_CHANGED',
      'revision',
      `${pipeline.id} has revision ${revision.number} already`,
    ),
  };
}

/** The state with the pipeline, new or changed, and all that finds it. */
export function putPipeline(state: ConfigState, pipeline: Pipeline): ConfigState {
  const before = state.pipelinesBySource.get(pipeline.sourceId) ?? [];
  const ofSource = before.some(({ id }) => id === pipeline.id)
    ? before.map((each) => (each.id === pipeline.id ? pipeline : each))
    : [...before, pipeline];
  return withPipelinesOf(
    { ...state, pipelines: state.pipelines.set(pipeline.id, pipeline) },
    pipeline.sourceId,
    ofSource,
  );
}

export function dropPipeline(state: ConfigState, pipeline: Pipeline): ConfigState {
  const before = state.pipelinesBySource.get(pipeline.sourceId) ?? [];
  return withPipelinesOf(
    { ...state, pipelines: state.pipelines.delete(pipeline.id) },
    pipeline.sourceId,
    before.filter(({ id }) => id !== pipeline.id),
  );
}

/** The state with some of a pipeline changed; as it was where there is no such pipeline. */
export function withPipeline(
  state: ConfigState,
  id: string,
  change: (pipeline: Pipeline) => Partial<Pipeline>,
): ConfigState {
  const pipeline = state.pipelines.get(id);
  return pipeline === undefined ? state : putPipeline(state, { ...pipeline, ...change(pipeline) });
}

function withPipelinesOf(
  state: ConfigState,
  source: Pipeline['sourceId'],
  pipelines: readonly Pipeline[],
): ConfigState {
  return {
    ...state,
    pipelinesBySource: state.pipelinesBySource.set(source, pipelines),
    enabledPipelinesBySource: state.enabledPipelinesBySource.set(
      source,
      pipelines.filter((pipeline) => pipeline.enabled),
    ),
  };
}
