import { isDeepStrictEqual } from 'node:util';
import { asJsonObject } from '../json.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, renamed } from '../names.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { settingsFault, settingsOf } from '../source-settings.ts';
import { sourceNotFound, withScript, withSource } from '../sources.ts';

const MAX_RATE_LIMIT = 1_000_000;

export const updateSource = commandKind('signal.config.UpdateSource', (state, command, { resourceId }) => {
  const source = state.sources.get(resourceId);
  if (source === undefined) return rejected(sourceNotFound(resourceId));
  const name = command.name ?? source.name;
  const fault =
    nameFault(state, 'source', name, source.id) ?? settingsFault(state, source.type, command, source.id);
  if (fault !== undefined) return rejected(fault);
  const asked = command.rateLimitRps;
  if (asked !== null && (asked < 0 || asked > MAX_RATE_LIMIT))
    return rejected(
      reject('INVALID_RATE_LIMIT', 'rateLimitRps', `the limit is 1 to ${MAX_RATE_LIMIT} requests a second`),
    );
  const rateLimitRps = asked === null ? source.rateLimitRps : asked === 0 ? null : asked;
  const settings = settingsOf(command, source);
  if (
    name === source.name &&
    rateLimitRps === source.rateLimitRps &&
    // By value: what was read from a log has classes of its decoder's.
    isDeepStrictEqual(asJsonObject(settings), asJsonObject(settingsOf(source, source)))
  )
    return rejected(reject('NOTHING_CHANGED', null, `${source.id} is like that already`));
  return accepted({
    'signal.config.SourceUpdated': { sourceId: source.id, name, rateLimitRps, ...settings },
  });
});

export const sourceUpdated = eventKind('signal.config.SourceUpdated', 'source.updated', {
  evolve(state, event, meta) {
    const { sourceId, name, rateLimitRps } = event;
    const source = state.sources.get(sourceId);
    if (source === undefined) return state;
    const settings = settingsOf(event, source);
    const names = withScript(
      renamed(state.names, 'source', source, name),
      source.id,
      source.collector.scriptFilename,
      settings.collector.scriptFilename,
    );
    return withSource({ ...state, names }, sourceId, () => ({
      ...changed(meta),
      name,
      rateLimitRps,
      ...settings,
    }));
  },
  show: asJsonObject,
});
