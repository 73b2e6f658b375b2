import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Catalog, CollectorSettings, ConfigProjection } from '../config/index.ts';
import type { AccessRecord, ConfigEvent } from '../schemas/index.ts';
import type { ConfigCommands } from '../topologies/config/index.ts';
import type { AccessLog, RecordAccess } from './access/index.ts';
import type { LogAudit } from './audit/index.ts';
import type { ApiIds } from './ids.ts';
import type { EventLineage } from './lineage/index.ts';
import type { Sessions } from './logins/index.ts';
import type { OidcLogin } from './oidc/index.ts';
import type { SecretVault } from './secrets/index.ts';

/** What the routes work with. */
export interface ApiContext {
  /** Kept at the end of the config log by the caller. */
  readonly projection: ConfigProjection;
  readonly commands: Pick<ConfigCommands, 'submit'>;
  readonly catalog: Catalog;
  readonly secrets: Pick<SecretVault, 'seal' | 'destroy' | 'fingerprint'>;
  readonly lineage: Pick<EventLineage, 'find'>;
  readonly sessions: Sessions;
  readonly configAudit: LogAudit<ConfigEvent>;
  readonly accessAudit: LogAudit<AccessRecord>;
  /** The datafly.js of such settings, and where a gateway serves it. Remembers those it has made. */
  readonly scriptOf: (settings: CollectorSettings) => {
    readonly text: string;
    readonly path: string;
    readonly integrity: string;
  };
  /** Left out: people log in with passwords only. */
  readonly oidc?: OidcLogin | undefined;
  readonly recordAccess: RecordAccess;
  readonly accessLog: Pick<AccessLog, 'find' | 'record'>;
  /** Of each caller, in this process. Left out: what the settings say. */
  readonly requestsPerMinute?: number | undefined;
  readonly ids: ApiIds;
  /** Milliseconds since the epoch. */
  readonly clock: { now(): number };
}

export interface ApiDeps extends Omit<ApiContext, 'recordAccess'> {
  readonly logger: Logger;
  readonly register: Registry;
  /** Whether what stands behind the API is up, for `/readyz`. Left out: it is. */
  readonly isReady?: (() => boolean) | undefined;
  /** Addresses or CIDR ranges of the proxies in front; only what they say of a client's address is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Bytes of a request body. Default 256 KiB. */
  readonly maxBodySize?: number | undefined;
}
