import { SOURCE_TYPE_SYMBOLS, type SourceType } from '../../schemas/index.ts';
import { newIdFault } from '../creation.ts';
import { sourceId } from '../ids.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, nameKey } from '../names.ts';
import { reject } from '../rejections.ts';
import { created } from '../resources/resource.ts';
import { DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
import { pipelineKeyFault } from '../sources.ts';

export const createSource = commandKind('signal.config.CreateSource', (state, command, meta) => {
  const { name, type, pipelineKey } = command;
  const fault =
    newIdFault(state, sourceId, meta.resourceId) ??
    nameFault(state, 'source', name) ??
    pipelineKeyFault(state, pipelineKey);
  if (fault !== undefined) return rejected(fault);
  if (!isSourceType(type))
    return rejected(
      reject('INVALID_SOURCE_TYPE', 'type', `the type must be one of ${SOURCE_TYPE_SYMBOLS.join(', ')}`),
    );
  return accepted({ 'signal.config.SourceCreated': { sourceId: meta.resourceId, name, type, pipelineKey } });
});

export const sourceCreated = eventKind('signal.config.SourceCreated', 'source.created', {
  evolve(state, event, meta) {
    const id = sourceId.of(event.sourceId);
    const { name, type, pipelineKey } = event;
    return {
      ...state,
      names: state.names.set(nameKey('source', name), id),
      sources: state.sources.set(id, {
        ...created(meta),
        id,
        name,
        type,
        pipelineKeys: [pipelineKey],
        rateLimitRps: null,
        signingSecrets: [],
        ...DEFAULT_SOURCE_SETTINGS,
      }),
      sourceIdByKey: state.sourceIdByKey.set(pipelineKey, id),
    };
  },
  show: ({ sourceId, name, type, pipelineKey }) => ({ sourceId, name, type, pipelineKey }),
});

function isSourceType(text: string): text is SourceType {
  return SOURCE_TYPE_SYMBOLS.some((type) => type === text);
}
