import type { CommandKind, EventKind } from '../kind.ts';
import type { CommandName, EventName } from '../payload.ts';
import { createPipeline, pipelineCreated } from './create-pipeline.ts';
import { createSource, sourceCreated } from './create-source.ts';
import { createToken, tokenCreated } from './create-token.ts';
import { installIntegration, integrationInstalled } from './install-integration.ts';

/** Every kind of command and event: a line each, the rest is in its file. One that the schemas have and these lists
 * lack does not compile. */
export const COMMAND_KINDS: { readonly [K in CommandName]: CommandKind<K> } = {
  'signal.config.CreatePipeline': createPipeline,
  'signal.config.CreateSource': createSource,
  'signal.config.CreateToken': createToken,
  'signal.config.InstallIntegration': installIntegration,
};

export const EVENT_KINDS: { readonly [K in EventName]: EventKind<K> } = {
  'signal.config.IntegrationInstalled': integrationInstalled,
  'signal.config.PipelineCreated': pipelineCreated,
  'signal.config.SourceCreated': sourceCreated,
  'signal.config.TokenCreated': tokenCreated,
};
