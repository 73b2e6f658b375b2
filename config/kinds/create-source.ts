import { SOURCE_TYPE_SYMBOLS } from '../../schemas/index.ts';
import { newIdFault } from '../creation.ts';
import { sourceId } from '../ids.ts';
import { asJsonObject } from '../json.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, nameKey } from '../names.ts';
import { listed, oneOf } from '../one-of.ts';
import { reject } from '../rejections.ts';
import { created } from '../resources/resource.ts';
import { DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
import { settingsFault, settingsOf } from '../source-settings.ts';
import { pipelineKeyFault, withScript } from '../sources.ts';

export const createSource = commandKind('signal.config.CreateSource', (state, command, meta) => {
  const { name, pipelineKey } = command;
  const fault =
    newIdFault(state, sourceId, meta.resourceId) ??
    nameFault(state, 'source', name) ??
    pipelineKeyFault(state, pipelineKey);
  if (fault !== undefined) return rejected(fault);
  const type = oneOf(SOURCE_TYPE_SYMBOLS)(command.type);
  if (type === undefined)
    return rejected(
      reject('INVALID_SOURCE_TYPE', 'type', `the type must be one of ${listed(SOURCE_TYPE_SYMBOLS)}`),
    );
  if (type === 'webhook' && command.webhook === null)
    return rejected(reject('INVALID_WEBHOOK', 'webhook', 'say whose webhooks they are'));
  const unfit = settingsFault(state, type, command);
  if (unfit !== undefined) return rejected(unfit);
  return accepted({
    'signal.config.SourceCreated': {
      sourceId: meta.resourceId,
      name,
      type,
      pipelineKey,
      ...settingsOf(command, DEFAULT_SOURCE_SETTINGS),
    },
  });
});

export const sourceCreated = eventKind('signal.config.SourceCreated', 'source.created', {
  evolve(state, event, meta) {
    const id = sourceId.of(event.sourceId);
    const { name, type, pipelineKey } = event;
    const settings = settingsOf(event, DEFAULT_SOURCE_SETTINGS);
    return {
      ...state,
      names: withScript(
        state.names.set(nameKey('source', name), id),
        id,
        null,
        settings.collector.scriptFilename,
      ),
      sources: state.sources.set(id, {
        ...created(meta),
        id,
        name,
        type,
        pipelineKeys: [pipelineKey],
        rateLimitRps: null,
        signingSecrets: [],
        ...settings,
      }),
      sourceIdByKey: state.sourceIdByKey.set(pipelineKey, id),
    };
  },
  show: asJsonObject,
});
