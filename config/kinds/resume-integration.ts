import { integrationNotFound, withIntegration } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const resumeIntegration = commandKind(
  'signal.config.ResumeIntegration',
  (state, _, { resourceId }) => {
    const integration = state.integrations.get(resourceId);
    if (integration === undefined) return rejected(integrationNotFound(resourceId));
    if (!integration.paused)
      return rejected(reject('NOTHING_CHANGED', null, `${integration.id} is not paused`));
    return accepted({ 'signal.config.IntegrationResumed': { integrationId: integration.id } });
  },
);

export const integrationResumed = eventKind('signal.config.IntegrationResumed', 'integration.resumed', {
  evolve: (state, { integrationId }, meta) =>
    withIntegration(state, integrationId, () => ({ ...changed(meta), paused: false })),
  show: (event) => ({ ...event }),
});
