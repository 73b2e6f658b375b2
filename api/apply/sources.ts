import { nameKey, sourceId } from '../../config/index.ts';
import { pathOf } from '../changes.ts';
import type { ApiIds } from '../ids.ts';
import { createSource, updateSource } from '../routes/sources.ts';
import { type Draft, idOf, refuseTwins } from './draft.ts';
import type { SourceEntry } from './file.ts';

/** Adds what makes the sources those of the file. */
export function planSources(draft: Draft, entries: readonly SourceEntry[], ids: ApiIds): void {
  refuseTwins(draft, 'sources', entries, ({ name }) => nameKey('source', name));
  draft.planEach(entries, (entry, index) => planSource(draft, `sources[${index}]`, entry, ids));
}

function planSource(draft: Draft, path: string, entry: SourceEntry, ids: ApiIds): void {
  const { type, ...changes } = entry;
  const known = draft.state.sources.get(idOf(draft.state, 'source', entry.name) ?? '');
  if (known !== undefined && known.type !== type) {
    const message = `"${known.name}" is of type ${known.type} for ever: name another source`;
    draft.problem(`${path}.type`, 'IMMUTABLE', message);
    return;
  }
  const id = known?.id ?? ids.resource(sourceId.prefix);
  if (known === undefined && !draft.add(path, id, createSource(entry, ids.pipelineKey()), pathOf)) return;
  draft.add(path, id, updateSource(changes), pathOf);
}
