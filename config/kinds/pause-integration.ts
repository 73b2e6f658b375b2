import { integrationNotFound, withIntegration } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const pauseIntegration = commandKind('signal.config.PauseIntegration', (state, _, { resourceId }) => {
  const integration = state.integrations.get(resourceId);
  if (integration === undefined) return rejected(integrationNotFound(resourceId));
  if (integration.paused)
    return rejected(reject('NOTHING_CHANGED', null, `${integration.id} is paused already`));
  return accepted({ 'signal.config.IntegrationPaused': { integrationId: integration.id } });
});

export const integrationPaused = eventKind('signal.config.IntegrationPaused', 'integration.paused', {
  evolve: (state, { integrationId }, meta) =>
    withIntegration(state, integrationId, () => ({ ...changed(meta), paused: true })),
  show: (event) => ({ ...event }),
});
