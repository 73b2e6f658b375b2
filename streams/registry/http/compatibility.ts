import type { FastifyInstance } from 'fastify';
import { type SchemaRequest, testCompatibility } from '../commands/register.ts';
import { requireVersion } from '../commands/require.ts';
import { RegistryError } from '../errors.ts';
import type { SchemaVersion } from '../records.ts';
import type { Registry } from '../registry.ts';
import { answer, isSet, type Query, readSchema } from './message.ts';

interface Subject {
  Params: { subject: string };
  Querystring: Query;
}

interface Version {
  Params: { subject: string; version: string };
  Querystring: Query;
}

export function compatibilityRoutes(app: FastifyInstance, registry: Registry): void {
  const { store } = registry;

  app.post<Subject>('/compatibility/subjects/:subject/versions', (request, reply) => {
    const { subject } = request.params;
    return answer(reply, test(subject, readSchema(request.body), store.versions(subject), request.query));
  });

  app.post<Version>('/compatibility/subjects/:subject/versions/:version', (request, reply) => {
    const { subject, version } = request.params;
    const isFirst = version === 'latest' && store.versions(subject).length === 0;
    const earlier = isFirst ? [] : [requireVersion(store, subject, version, false)];
    return answer(reply, test(subject, readSchema(request.body), earlier, request.query));
  });

  function test(
    subject: string,
    schema: SchemaRequest,
    earlier: readonly SchemaVersion[],
    query: Query,
  ): object {
    const verbose = isSet(query, 'verbose');
    const messages = problems(subject, schema, earlier, query);
    return { is_compatible: messages.length === 0, ...(verbose ? { messages } : {}) };
  }

  /** Who asks for words also gets told by them that the schema is none. */
  function problems(
    subject: string,
    schema: SchemaRequest,
    earlier: readonly SchemaVersion[],
    query: Query,
  ): readonly string[] {
    try {
      return testCompatibility(store, subject, schema, earlier, isSet(query, 'normalize'));
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'INVALID_SCHEMA' && isSet(query, 'verbose'))
        return [error.message];
      throw error;
    }
  }
}
