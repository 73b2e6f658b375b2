import { pino } from 'pino';
import { parseRoles } from './run/roles.ts';
import { startSignal } from './run/start.ts';
import type { Settings } from './settings.ts';
import { untilStopped } from './until-stopped.ts';

/** `signal start`: runs until it is stopped by a signal, or until it breaks. */
export async function start(settings: Settings, roles: string): Promise<void> {
  const logger = pino({ level: settings.logLevel, base: null });
  const stopped = untilStopped();
  const running = await startSignal(settings, parseRoles(roles), {
    logger,
    fatal: (what, error) => {
      logger.error({ err: error }, what);
      stopped.broken();
    },
  });
  console.log(greeting(settings, running));
  await stopped.promise;
  await running.close();
}

function greeting(
  settings: Settings,
  running: {
    readonly gateway: string | undefined;
    readonly api: string | undefined;
    readonly madeToken: string | undefined;
    readonly foundation: { readonly registryUrl: string };
  },
): string {
  const lines = [
    'Signal is running.',
    running.gateway === undefined ? undefined : `  gateway          ${running.gateway}`,
    running.api === undefined ? undefined : `  management API   ${running.api}/v1/admin`,
    `  schema registry  ${running.foundation.registryUrl}`,
    `  data             ${settings.dataDir}`,
    running.madeToken === undefined ? undefined : `\nAdmin token, shown this once:\n  ${running.madeToken}\n`,
    'Ctrl-C stops it.',
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}
