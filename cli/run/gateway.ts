import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CollectorScripts, readPieces } from '../../collector/index.ts';
import { buildGateway, configuredSources, DEFAULT_GATEWAY_SETTINGS } from '../../gateway/index.ts';
import { packageRoot } from '../package-root.ts';
import type { Closers } from './closers.ts';
import { clock, type Foundation } from './foundation.ts';

/** Resolves with the base URL. */
export async function startGateway(foundation: Foundation, closers: Closers): Promise<string> {
  const { settings, projection, log, serdes, logger, register } = foundation;
  const gateway = buildGateway({
    log,
    rawEventSerde: serdes.rawEvent,
    config: configuredSources(projection, () => []),
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
      cookieDomain: settings.cookieDomain === '' ? undefined : settings.cookieDomain,
      corsOrigins: settings.corsOrigins.includes('*') ? '*' : settings.corsOrigins,
      trustedProxies: settings.trustedProxies,
    },
  });
  closers.add('gateway', () => gateway.close());
  return gateway.listen({ host: settings.host, port: settings.gatewayPort });
}
