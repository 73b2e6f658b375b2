import type { SourceId } from './ids.ts';
import { nameKey } from './names.ts';
import { type Rejection, reject } from './rejections.ts';
import type { Source } from './resources/source.ts';
import type { ConfigState } from './state.ts';

const PIPELINE_KEY = /^dk_(live|test)_[A-Za-z0-9_-]{8,64}$/;

/** Why no source can get the key, if so. */
export function pipelineKeyFault(state: ConfigState, key: string): Rejection | undefined {
  if (!PIPELINE_KEY.test(key))
    return reject('INVALID_PIPELINE_KEY', 'pipelineKey', 'a pipeline key looks like dk_live_… or dk_test_…');
  if (state.sourceIdByKey.has(key))
    return reject('PIPELINE_KEY_TAKEN', 'pipelineKey', 'another source has this pipeline key');
  return undefined;
}

export const sourceNotFound = (id: string): Rejection =>
  reject('SOURCE_NOT_FOUND', null, `there is no source ${id}`);

/** Names after a source's script moved; null: it has no name of its own. */
export function withScript(
  names: ConfigState['names'],
  id: SourceId,
  before: string | null,
  after: string | null,
): ConfigState['names'] {
  if (before === after) return names;
  const freed = before === null ? names : names.delete(nameKey('script', before));
  return after === null ? freed : freed.set(nameKey('script', after), id);
}

/** The state with some of a source changed; as it was where there is no such source. */
export function withSource(
  state: ConfigState,
  id: string,
  change: (source: Source) => Partial<Source>,
): ConfigState {
  const source = state.sources.get(id);
  return source === undefined
    ? state
    : { ...state, sources: state.sources.set(source.id, { ...source, ...change(source) }) };
}
