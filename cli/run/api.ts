import { join } from 'node:path';
import {
  buildApi,
  destroyForgotten,
  EventLineage,
  ensureAdminToken,
  randomIds,
  startAccessControl,
} from '../../api/index.ts';
import { CollectorScripts, readPieces } from '../../collector/index.ts';
import { StreamsApp, StreamsBuilder } from '../../streams/index.ts';
import { ConfigCommands, configTopology } from '../../topologies/config/index.ts';
import { packageRoot } from '../package-root.ts';
import { startAccessAudit, startConfigAudit } from './audit.ts';
import type { Closers } from './closers.ts';
import { clock, type Foundation } from './foundation.ts';
import { oidcLogin } from './oidc.ts';

export interface RunningApi {
  /** Base URL. */
  readonly url: string;
  /** The admin token, if this start has made one: it is shown to nobody again. */
  readonly madeToken: string | undefined;
}

/** The management API, and the topology that decides what it is asked for. */
export async function startApi(foundation: Foundation, closers: Closers): Promise<RunningApi> {
  const {
    settings,
    projection,
    log,
    serdes,
    configSerdes,
    catalog,
    vault,
    logger,
    register,
    schemas,
    fatal,
  } = foundation;

  const configAudit = await startConfigAudit(foundation, closers);

  const builder = new StreamsBuilder();
  configTopology(builder, { catalog, serdes: configSerdes, projection });
  const decider = new StreamsApp(builder.build(), {
    applicationId: 'signal-config',
    log,
    metrics: foundation.streamsMetrics,
    onInterruption: (err) =>
      logger.warn({ err }, 'deciding configuration commands was interrupted; it joins again'),
    onError: (error) => fatal('configuration commands cannot be decided', error),
  });
  closers.add('config decider', () => decider.close());
  await decider.start();

  const destroying = projection
    .whenHistory()
    .then(() => destroyForgotten(vault, projection))
    .catch((error: unknown) => fatal('secrets that nobody needs any more cannot be destroyed', error));
  if (projection.hasHistory) await destroying;

  const commands = await ConfigCommands.start({ log, serdes: configSerdes, projection });
  closers.add('config commands', async () => commands.close());
  const madeToken = await ensureAdminToken({
    projection,
    commands,
    ids: randomIds,
    clock,
    given: settings.adminToken,
  });

  const lineage = await EventLineage.start({
    log,
    serdes,
    projection,
    onError: (error) => fatal('the index of events cannot be kept', error),
  });
  closers.add('event lineage', () => lineage.close());

  const control = await startAccessControl({
    log,
    registry: schemas,
    projection,
    vault,
    ids: randomIds,
    clock,
    onError: (error) => fatal('logins cannot be followed', error),
  });
  closers.add('logins', () => control.close());
  const accessAudit = await startAccessAudit(foundation, closers, control);

  const scripts = new CollectorScripts(readPieces(join(packageRoot(), 'dist/collector/pieces')));
  const api = buildApi({
    projection,
    commands,
    catalog,
    secrets: vault,
    lineage,
    sessions: control.sessions,
    scriptOf: (collector) => scripts.of(collector),
    oidc: oidcLogin(settings, vault),
    accessLog: control.access,
    configAudit,
    accessAudit,
    ids: randomIds,
    clock,
    logger,
    register,
    trustedProxies: settings.trustedProxies,
  });
  closers.add('management API', () => api.close());
  return { url: await api.listen({ host: settings.host, port: settings.apiPort }), madeToken };
}
