import type { FastifyError, FastifyInstance, FastifyPluginAsync } from 'fastify';
import { REGISTRY_ERRORS, RegistryError } from '../errors.ts';
import type { Registry } from '../registry.ts';
import { compatibilityRoutes } from './compatibility.ts';
import { ACCEPTED_TYPES, answer } from './message.ts';
import { schemaRoutes } from './schemas.ts';
import { settingRoutes } from './settings.ts';
import { subjectRoutes } from './subjects.ts';

/**
 * The REST API of Confluent's schema registry, for Avro, as a Fastify plugin.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 * Subjects longer than the server's `maxParamLength` are not found.
 */
export const registryRoutes: FastifyPluginAsync<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.addContentTypeParser(
    [...ACCEPTED_TYPES],
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  answerErrors(app);
  app.get('/', (_request, reply) => answer(reply, {}));
  subjectRoutes(app, registry);
  schemaRoutes(app, registry);
  compatibilityRoutes(app, registry);
  settingRoutes(app, registry);
};

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    answer(reply.code(404), { error_code: REGISTRY_ERRORS.NOT_FOUND, message: 'HTTP 404 Not Found' }),
  );

  app.setErrorHandler((error: FastifyError | RegistryError, request, reply) => {
    if (error instanceof RegistryError) {
      const number = REGISTRY_ERRORS[error.code];
      const status = number < 1000 ? number : Math.floor(number / 100);
      if (status >= 500) request.log.error({ err: error }, error.message);
      return answer(reply.code(status), { error_code: number, message: error.message });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, 'A registry request failed');
    const message = status >= 500 ? 'Internal Server Error' : error.message;
    return answer(reply.code(status), { error_code: status, message });
  });
}
