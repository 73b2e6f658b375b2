import {
  type CommandOptions,
  createPipeline,
  createSource,
  createToken,
  installIntegration,
} from './given.ts';

/** A history in which every kind of command is accepted at least once, and so every kind of event happens. */
export const EVERY_KIND: readonly CommandOptions[] = [
  createSource('src_web', { name: 'Shop', pipelineKey: 'dk_live_shop00000001' }),
  createSource('src_app', { name: 'Phone', type: 'app', pipelineKey: 'dk_live_phone0000001' }),
  installIntegration('int_hook', { name: 'Hook', secrets: { api_key: 'v1.sec_1.sealed' } }),
  createPipeline('pip_shop', { sourceId: 'src_web', integrationId: 'int_hook' }),
  createPipeline('pip_phone', { sourceId: 'src_app', integrationId: 'int_hook', enabled: false }),
  createToken('tok_ci', { name: 'CI', expiresAt: 1_900_000_000_000 }),
];
