import {
  type ConfigProjection,
  enabledPipelinesOf,
  type Integration,
  type Pipeline,
  revisionOf,
} from '../../config/index.ts';
import { type CompiledMapping, compileMapping, findVendor } from '../../integrations/index.ts';
import { stateAt } from '../state-at.ts';
import type { ActivePipeline, PipelinesOf } from './active-pipeline.ts';

/** The pipelines that the configuration holds, each compiled once for all events and versions that share it. */
export function configuredPipelines(config: Pick<ConfigProjection, 'at'>): PipelinesOf {
  const mappings = new Map<string, CompiledMapping>();
  // Versions share the resources that did not change between them, so a resource is its own key.
  const active = new WeakMap<Pipeline, WeakMap<Integration, ActivePipeline>>();

  const mappingOf = (vendor: string, variant: string): CompiledMapping => {
    const key = `${vendor}/${variant}`;
    const known = mappings.get(key);
    if (known !== undefined) return known;
    const definition = findVendor(vendor)?.variants.find((each) => each.key === variant);
    if (definition === undefined) throw new Error(`the catalog has no variant "${variant}" of "${vendor}"`);
    const compiled = compileMapping(definition.mapping);
    mappings.set(key, compiled);
    return compiled;
  };

  const activate = (pipeline: Pipeline, integration: Integration): ActivePipeline => {
    const known = active.get(pipeline)?.get(integration);
    if (known !== undefined) return known;
    const revision = revisionOf(integration, pipeline.revision);
    if (revision === undefined) throw new Error(`${integration.id} has no revision ${pipeline.revision}`);
    const made: ActivePipeline = {
      pipelineId: pipeline.id,
      integrationId: integration.id,
      revision: revision.number,
      consentCategories: integration.consentCategories,
      mapping: mappingOf(integration.vendor, revision.variant),
    };
    const byIntegration = active.get(pipeline) ?? new WeakMap<Integration, ActivePipeline>();
    active.set(pipeline, byIntegration.set(integration, made));
    return made;
  };

  return (sourceId, configVersion) => {
    const state = stateAt(config, configVersion);
    return enabledPipelinesOf(state, sourceId).map((pipeline) => {
      const integration = state.integrations.get(pipeline.integrationId);
      if (integration === undefined) throw new Error(`${pipeline.id} leads to no integration`);
      return activate(pipeline, integration);
    });
  };
}
