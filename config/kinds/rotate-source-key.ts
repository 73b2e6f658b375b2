import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { pipelineKeyFault, sourceNotFound, withSource } from '../sources.ts';

export const rotateSourceKey = commandKind(
  'signal.config.RotateSourceKey',
  (state, { pipelineKey }, { resourceId }) => {
    const source = state.sources.get(resourceId);
    if (source === undefined) return rejected(sourceNotFound(resourceId));
    const [old, ...rest] = source.pipelineKeys;
    if (rest.length > 0)
      return rejected(
        reject('KEY_ROTATION_UNFINISHED', null, `${source.id} has two keys already: revoke ${old} first`),
      );
    const fault = pipelineKeyFault(state, pipelineKey);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.SourceKeyRotated': { sourceId: source.id, pipelineKey } });
  },
);

export const sourceKeyRotated = eventKind('signal.config.SourceKeyRotated', 'source.key_rotated', {
  evolve(state, { sourceId, pipelineKey }, meta) {
    const source = state.sources.get(sourceId);
    if (source === undefined) return state;
    const sourceIdByKey = state.sourceIdByKey.set(pipelineKey, source.id);
    return withSource({ ...state, sourceIdByKey }, sourceId, ({ pipelineKeys }) => ({
      ...changed(meta),
      pipelineKeys: [...pipelineKeys, pipelineKey],
    }));
  },
  show: (event) => ({ ...event }),
});
