import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameKey } from '../names.ts';
import { sourceNotFound, withScript } from '../sources.ts';
import { pipelinesOf } from '../state.ts';
import { usageFault } from '../usage.ts';

export const deleteSource = commandKind('signal.config.DeleteSource', (state, _, { resourceId }) => {
  const source = state.sources.get(resourceId);
  if (source === undefined) return rejected(sourceNotFound(resourceId));
  const fault = usageFault(source.id, pipelinesOf(state, source.id));
  if (fault !== undefined) return rejected(fault);
  return accepted({ 'signal.config.SourceDeleted': { sourceId: source.id } });
});

export const sourceDeleted = eventKind('signal.config.SourceDeleted', 'source.deleted', {
  evolve(state, { sourceId }) {
    const source = state.sources.get(sourceId);
    if (source === undefined) return state;
    return {
      ...state,
      names: withScript(
        state.names.delete(nameKey('source', source.name)),
        source.id,
        source.collector.scriptFilename,
        null,
      ),
      sources: state.sources.delete(source.id),
    };
  },
  show: (event) => ({ ...event }),
});
