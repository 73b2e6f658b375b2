import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import { traits } from './error-handler.ts';

/** Measures every request and names it in its answer (`x-request-id`). Labels are of our own making only. */
export function observeRequests(app: FastifyInstance, register: Registry, logger: Logger): void {
  const seconds = new Histogram({
    name: 'signal_api_request_seconds',
    help: 'Time to answer a request of the management API.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [register],
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    const status = reply.statusCode;
    seconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    logger.debug({ ...traits(request), status, ms: reply.elapsedTime }, 'request answered');
  });
}
