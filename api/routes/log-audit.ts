import type { LogAudit } from '../audit/index.ts';
import type { ApiContext } from '../deps.ts';
import type { Api } from '../http/type-provider.ts';
import type { Permission } from '../permissions.ts';
import { checkpointRoutes } from './log-checkpoints.ts';
import { exportRoute } from './log-export.ts';
import { proofRoutes } from './log-proofs.ts';
import { verifyRoute } from './log-verify.ts';

/** Where a log that is signed is audited, and by whom. */
export interface AuditPlace {
  /** `/config` */
  readonly path: string;
  /** In names of operations: `Config`. */
  readonly noun: string;
  readonly read: Permission;
  readonly export: Permission;
}

const CONFIG: AuditPlace = {
  path: '/config',
  noun: 'Config',
  read: 'config:read',
  export: 'config:export',
};

/** Nothing in it is secret to those who may read it: there is no other permission to take it away. */
const ACCESS_LOG: AuditPlace = {
  path: '/access-log',
  noun: 'AccessLog',
  read: 'access-log:read',
  export: 'access-log:read',
};

/** What lets others verify the logs, here or by themselves. */
export function logAuditRoutes(api: Api, { configAudit, accessAudit }: ApiContext): void {
  auditRoutes(api, configAudit, CONFIG);
  auditRoutes(api, accessAudit, ACCESS_LOG);
}

function auditRoutes<E>(api: Api, audit: LogAudit<E>, place: AuditPlace): void {
  verifyRoute(api, audit, place);
  checkpointRoutes(api, audit, place);
  proofRoutes(api, audit, place);
  exportRoute(api, audit, place);
}
