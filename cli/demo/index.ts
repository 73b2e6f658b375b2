import { pino } from 'pino';
import { SettingError, type Settings } from '../settings.ts';
import { untilStopped } from '../until-stopped.ts';
import { startDemo } from './start-demo.ts';
import { showTerminalView } from './terminal-view.ts';

/** `signal demo`: runs until it is stopped, and shows what happens. */
export async function demo(
  settings: Settings,
  ports: { readonly shopPort: string; readonly vendorPort: string },
): Promise<void> {
  const logger = pino({ level: settings.logLevel === 'info' ? 'warn' : settings.logLevel, base: null });
  const stopped = untilStopped();
  const running = await startDemo(
    settings,
    { shop: portOf('--shop-port', ports.shopPort), vendor: portOf('--vendor-port', ports.vendorPort) },
    {
      logger,
      fatal: (what, error) => {
        logger.error({ err: error }, what);
        stopped.broken();
      },
    },
  );
  const viewing = new AbortController();
  const view = showTerminalView({
    log: running.log,
    api: running.api,
    lag: running.lag,
    out: process.stdout,
    heading: [
      'Signal demo. Ctrl-C stops it.',
      '',
      `  shop            ${running.shopUrl}/   open this, accept cookies, click`,
      `  vendors         ${running.vendor.url}/   what they were sent`,
      `  management API  ${running.apiUrl}/v1/admin   token ${running.token}`,
    ],
    signal: viewing.signal,
  });
  await Promise.race([stopped.promise, view]);
  viewing.abort();
  await view;
  await running.close();
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new SettingError(`flag ${flag}: "${text}" is no port`);
  return port;
}
