import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { sourceNotFound, withSource } from '../sources.ts';

export const revokeSourceKey = commandKind(
  'signal.config.RevokeSourceKey',
  (state, { pipelineKey }, { resourceId }) => {
    const source = state.sources.get(resourceId);
    if (source === undefined) return rejected(sourceNotFound(resourceId));
    if (!source.pipelineKeys.includes(pipelineKey))
      return rejected(
        reject('UNKNOWN_PIPELINE_KEY', 'pipelineKey', `${source.id} has no such live key; see pipeline_keys`),
      );
    if (source.pipelineKeys.length === 1)
      return rejected(
        reject(
          'LAST_KEY',
          'pipelineKey',
          `it is the only key of ${source.id}: rotate it, or delete the source`,
        ),
      );
    return accepted({ 'signal.config.SourceKeyRevoked': { sourceId: source.id, pipelineKey } });
  },
);

export const sourceKeyRevoked = eventKind('signal.config.SourceKeyRevoked', 'source.key_revoked', {
  evolve: (state, { sourceId, pipelineKey }, meta) =>
    withSource(state, sourceId, ({ pipelineKeys }) => {
      const [first, ...rest] = pipelineKeys.filter((key) => key !== pipelineKey);
      return { ...changed(meta), pipelineKeys: first === undefined ? pipelineKeys : [first, ...rest] };
    }),
  show: (event) => ({ ...event }),
});
