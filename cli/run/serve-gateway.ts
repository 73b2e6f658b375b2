import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { CollectorScripts, readPieces } from '../../collector/index.ts';
import {
  buildGateway,
  DEFAULT_GATEWAY_SETTINGS,
  type EventStore,
  type SourceDirectory,
} from '../../gateway/index.ts';
import type { RawEvent } from '../../schemas/index.ts';
import { packageRoot } from '../package-root.ts';
import type { Settings } from '../settings.ts';
import type { Closers } from './closers.ts';
import { clock } from './foundation.ts';

export interface GatewayParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly register: Registry;
  readonly store: EventStore;
  readonly serde: { serialize(event: RawEvent): Buffer };
  readonly config: SourceDirectory;
}

/** Resolves with the base URL. */
export async function serveGateway(parts: GatewayParts, closers: Closers): Promise<string> {
  const { settings, logger, register, store, serde, config } = parts;
  const gateway = buildGateway({
    log: store,
    rawEventSerde: serde,
    config,
    clock,
    ids: { uuid: randomUUID },
    logger,
    register,
    collectorScripts: new CollectorScripts(readPieces(join(packageRoot(), 'dist/collector/pieces'))),
    settings: {
      ...DEFAULT_GATEWAY_SETTINGS,
      maxBatchSize: settings.maxBatchSize,
      maxPayloadSize: settings.maxPayloadSize,
      rateLimitRps: settings.rateLimitRps,
      rateLimitIpRps: settings.rateLimitIpRps,
      maxConnections: settings.maxConnections,
      cookieDomain: settings.cookieDomain === '' ? undefined : settings.cookieDomain,
      corsOrigins: settings.corsOrigins.includes('*') ? '*' : settings.corsOrigins,
      trustedProxies: settings.trustedProxies,
    },
  });
  closers.add('gateway', () => gateway.close());
  return gateway.listen({ host: settings.host, port: settings.gatewayPort });
}
