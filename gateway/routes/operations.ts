import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { endpoint } from './endpoint.ts';

type Readiness = 'up' | 'degraded' | 'full' | 'not ready';

/** `/healthz`: the process answers. `/readyz`: it may be sent traffic, which holds while events go to the spool
 * (`degraded`) until that is full. `/metrics`: Prometheus. */
export function operationRoutes(app: FastifyInstance, register: Registry, readiness: () => Readiness): void {
  endpoint(app, {
    method: 'GET',
    url: '/healthz',
    handler: async (_request, reply) => reply.send({ status: 'ok' }),
  });
  endpoint(app, {
    method: 'GET',
    url: '/readyz',
    handler: async (_request, reply) => {
      const state = readiness();
      switch (state) {
        case 'up':
          return reply.send({ status: 'ready' });
        case 'degraded':
          return reply.send({ status: 'degraded', reason: 'the log does not take events; the spool does' });
        case 'full':
          return reply
            .code(503)
            .send({ status: 'not ready', reason: 'the log does not take events, and the spool is full' });
        case 'not ready':
          return reply.code(503).send({ status: 'not ready' });
      }
    },
  });
  endpoint(app, {
    method: 'GET',
    url: '/metrics',
    handler: async (_request, reply) => reply.type(register.contentType).send(await exposition(register)),
  });
}

const METRIC_MS = 1000;

/** Everything in the registry that can be had. Some is asked of the log as it is collected; without the log, that is
 * left out, and the rest is there when it is wanted most. */
async function exposition(register: Registry): Promise<string> {
  const texts = register.getMetricsAsArray().map(({ name }) => {
    const text = register.getSingleMetricAsString(name).catch(() => '');
    return Promise.race([text, sleep(METRIC_MS, '', { ref: false })]);
  });
  return `${(await Promise.all(texts)).filter((text) => text !== '').join('\n\n')}\n`;
}
