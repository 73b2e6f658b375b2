// Generated from the files beside it by `npm run generate`. Do not edit.
import type { CommandKind, EventKind } from '../kind.ts';
import type { CommandName, EventName } from '../payload.ts';
import { createPipeline, pipelineCreated } from './create-pipeline.ts';
import { createSource, sourceCreated } from './create-source.ts';
import { createToken, tokenCreated } from './create-token.ts';
import { installIntegration, integrationInstalled } from './install-integration.ts';

/** Every kind of command. One that the schemas have and no file here decides does not compile. */
export const COMMAND_KINDS: { readonly [K in CommandName]: CommandKind<K> } = {
  'signal.config.CreatePipeline': createPipeline,
  'signal.config.CreateSource': createSource,
  'signal.config.CreateToken': createToken,
  'signal.config.InstallIntegration': installIntegration,
};

/** Every kind of event, likewise. */
export const EVENT_KINDS: { readonly [K in EventName]: EventKind<K> } = {
  'signal.config.IntegrationInstalled': integrationInstalled,
  'signal.config.PipelineCreated': pipelineCreated,
  'signal.config.SourceCreated': sourceCreated,
  'signal.config.TokenCreated': tokenCreated,
};
