import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** `/healthz`: the process answers. `/readyz`: it may be sent traffic. `/metrics`: Prometheus. */
export function operationRoutes(app: FastifyInstance, register: Registry, isReady: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) =>
    isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'not ready' }),
  );
  app.get('/metrics', async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
}
