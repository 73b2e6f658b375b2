import type { ApiContext } from '../deps.ts';
import type { Api } from '../http/type-provider.ts';
import { configCheckpointRoutes } from './config-checkpoints.ts';
import { configExportRoutes } from './config-export.ts';
import { configProofRoutes } from './config-proofs.ts';
import { configVerifyRoutes } from './config-verify.ts';

/** What lets others verify the configuration's log, here or by themselves. */
export function configAuditRoutes(api: Api, context: ApiContext): void {
  configVerifyRoutes(api, context);
  configCheckpointRoutes(api, context);
  configProofRoutes(api, context);
  configExportRoutes(api, context);
}
