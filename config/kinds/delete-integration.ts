import { integrationNotFound } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameKey } from '../names.ts';
import { usageFault } from '../usage.ts';

export const deleteIntegration = commandKind(
  'signal.config.DeleteIntegration',
  (state, _, { resourceId }) => {
    const integration = state.integrations.get(resourceId);
    if (integration === undefined) return rejected(integrationNotFound(resourceId));
    const users = [...state.pipelines.values()].filter((each) => each.integrationId === integration.id);
    const fault = usageFault(integration.id, users);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.IntegrationDeleted': { integrationId: integration.id } });
  },
);

export const integrationDeleted = eventKind('signal.config.IntegrationDeleted', 'integration.deleted', {
  evolve(state, { integrationId }) {
    const integration = state.integrations.get(integrationId);
    if (integration === undefined) return state;
    return {
      ...state,
      names: state.names.delete(nameKey('integration', integration.name)),
      integrations: state.integrations.delete(integration.id),
    };
  },
  show: (event) => ({ ...event }),
});
