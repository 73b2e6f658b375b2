import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { endpoint } from './endpoint.ts';

/** `/healthz`: the process answers. `/readyz`: it may be sent traffic. `/metrics`: Prometheus. */
export function operationRoutes(app: FastifyInstance, register: Registry, isReady: () => boolean): void {
  endpoint(app, {
    method: 'GET',
    url: '/healthz',
    handler: async (_request, reply) => reply.send({ status: 'ok' }),
  });
  endpoint(app, {
    method: 'GET',
    url: '/readyz',
    handler: async (_request, reply) =>
      isReady() ? reply.send({ status: 'ready' }) : reply.code(503).send({ status: 'not ready' }),
  });
  endpoint(app, {
    method: 'GET',
    url: '/metrics',
    handler: async (_request, reply) => reply.type(register.contentType).send(await register.metrics()),
  });
}
