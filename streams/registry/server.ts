import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { registryRoutes } from './http/routes.ts';
import { Registry, type RegistryOptions } from './registry.ts';

export interface RegistryServerOptions extends RegistryOptions {
  /** Default loopback: there is no authentication. */
  readonly host?: string | undefined;
  /** 0 for any free one. */
  readonly port: number;
  /** Gets what failed on our side. */
  readonly logger?: FastifyBaseLogger | undefined;
}

export interface RegistryServer {
  /** Base URL for clients. */
  readonly url: string;
  readonly registry: Registry;
  close(): Promise<void>;
}

/** Serves a schema registry over HTTP, from the log's topic `_schemas`. */
export async function startRegistry(options: RegistryServerOptions): Promise<RegistryServer> {
  const registry = await Registry.open(options);
  // Topics have names of up to 249 characters.
  const routerOptions = { maxParamLength: 1024 };
  const app = Fastify({
    routerOptions,
    forceCloseConnections: true,
    logController: new LogController({ disableRequestLogging: true }),
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
  });
  await app.register(registryRoutes, { registry });
  try {
    const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port });
    return {
      url,
      registry,
      close: async () => {
        await app.close();
        await registry.close();
      },
    };
  } catch (error) {
    await registry.close();
    throw error;
  }
}
