import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from 'pino';
import type { StandIn } from '../../examples/vendor-stand-in/stand-in.mjs';
import type { Log } from '../../streams/index.ts';
import { type AdminClient, adminClient } from '../admin-client.ts';
import { packageRoot } from '../package-root.ts';
import type { PartitionLag } from '../run/consumer-lag.ts';
import { currentLag } from '../run/metrics.ts';
import { ROLES } from '../run/roles.ts';
import { startSignal } from '../run/start.ts';
import type { Settings } from '../settings.ts';
import { configureDemo, DREAMDATA_KEY } from './configure.ts';
import { shopServer } from './shop-server.ts';

export interface RunningDemo {
  readonly shopUrl: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly api: AdminClient;
  readonly log: Log;
  readonly vendor: StandIn;
  lag(): Promise<readonly PartitionLag[]>;
  close(): Promise<void>;
}

/** Signal, a shop that sends it events, and stand-in vendors it delivers to, all on the loopback interface. */
export async function startDemo(
  settings: Settings,
  ports: { readonly shop: number; readonly vendor: number },
  deps: { readonly logger: Logger; readonly fatal: (what: string, error: unknown) => void },
): Promise<RunningDemo> {
  const token = settings.adminToken ?? `sat_${randomBytes(32).toString('base64url')}`;
  const running = await startSignal(
    { ...settings, host: '127.0.0.1', adminToken: token, allowedCidrs: ['127.0.0.0/8'] },
    new Set(ROLES),
    deps,
  );
  try {
    const { gateway = '', api: apiUrl = '' } = running;
    const api = adminClient(apiUrl, token);
    const vendor = await startVendor(ports.vendor);
    const pipelineKey = await configureDemo(api, vendor.url);
    const shop = shopServer({ gatewayOrigin: gateway, pipelineKey, api });
    await new Promise<void>((resolve, reject) => {
      shop.once('error', reject).listen(ports.shop, '127.0.0.1', resolve);
    });
    const { port } = shop.address() as AddressInfo;
    return {
      shopUrl: `http://127.0.0.1:${port}`,
      apiUrl,
      token,
      api,
      log: running.foundation.log,
      vendor,
      lag: () => currentLag(running.foundation),
      close: async () => {
        shop.closeAllConnections();
        await new Promise((resolve) => shop.close(resolve));
        await running.close();
        await vendor.close();
      },
    };
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function startVendor(port: number): Promise<StandIn> {
  const file = pathToFileURL(join(packageRoot(), 'examples/vendor-stand-in/stand-in.mjs')).href;
  const { startStandIn }: typeof import('../../examples/vendor-stand-in/stand-in.mjs') = await import(file);
  return startStandIn({ port, host: '127.0.0.1', dreamdataKey: DREAMDATA_KEY });
}
