import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Settings } from '../settings.ts';
import { startApi } from './api.ts';
import { Closers } from './closers.ts';
import { startDelivery } from './delivery.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { startGateway } from './gateway.ts';
import { removeInstance, writeInstance } from './instance-file.ts';
import { registerProcessMetrics } from './metrics.ts';
import { Outage } from './outage.ts';
import { startProcessor } from './processor.ts';
import type { Role } from './roles.ts';

export interface RunningSignal {
  readonly foundation: Foundation;
  /** Base URLs, of the roles that run. */
  readonly gateway: string | undefined;
  readonly api: string | undefined;
  /** The admin token, if this start has made one. */
  readonly madeToken: string | undefined;
  /** Stops taking events, finishes what is under way, and closes the log. */
  close(): Promise<void>;
}

/**
 * Starts the roles in one process. What reads starts before what writes, so that nothing accepted waits for a part
 * that is still to come; it is all closed in the opposite order, also when something fails to start.
 */
export async function startSignal(
  settings: Settings,
  roles: ReadonlySet<Role>,
  deps: { readonly logger: Logger; readonly fatal: (what: string, error: unknown) => void },
): Promise<RunningSignal> {
  const closers = new Closers(deps.logger);
  try {
    const register = new Registry();
    const parts = { ...deps, settings, register };
    const outage = roles.has('gateway') ? await Outage.prepare(settings, parts, closers) : undefined;
    const lay = (own: Closers): Promise<Foundation> => layFoundation(settings, parts, own);
    const foundation = await (outage?.bridge(lay, parts, closers) ?? lay(closers));
    registerProcessMetrics(foundation);
    if (roles.has('delivery')) await startDelivery(foundation, closers);
    if (roles.has('processor')) await startProcessor(foundation, closers);
    const api = roles.has('api') ? await startApi(foundation, closers) : undefined;
    const gateway = roles.has('gateway') ? await startGateway(foundation, closers, outage) : undefined;

    await writeInstance(settings.dataDir, {
      pid: process.pid,
      gateway,
      api: api?.url,
      registry: foundation.registryUrl,
    });
    closers.add('instance file', () => removeInstance(settings.dataDir));
    return {
      foundation,
      gateway,
      api: api?.url,
      madeToken: api?.madeToken,
      close: () => closers.closeAll(),
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
