import type { FastifyInstance } from 'fastify';
import { RegistryError } from '../errors.ts';
import type { SchemaVersion } from '../records.ts';
import type { Registry } from '../registry.ts';
import { answer, CONTENT_TYPE, describe, isSet, page, type Query, schemaAttributes } from './message.ts';

interface Id {
  Params: { id: string };
  Querystring: Query;
}

export function schemaRoutes(app: FastifyInstance, registry: Registry): void {
  const { store } = registry;

  /** Every version that holds the schema, also those deleted softly: records written with it stay readable. */
  function requireId(text: string): readonly [SchemaVersion, ...SchemaVersion[]] {
    const [first, ...more] = /^\d+$/.test(text) ? store.versionsOfId(Number(text), { deleted: true }) : [];
    if (first === undefined) throw new RegistryError('SCHEMA_NOT_FOUND', `Schema ${text} not found`);
    return [first, ...more];
  }

  app.get<{ Querystring: Query }>('/schemas', (request, reply) => {
    const { query } = request;
    const prefix = String(query.subjectPrefix ?? '').replace(':*:', '');
    const deleted = isSet(query, 'deleted');
    const versions = store
      .subjects({ deleted })
      .filter((subject) => subject.startsWith(prefix))
      .flatMap((subject) => store.versions(subject, { deleted }).slice(isSet(query, 'latestOnly') ? -1 : 0));
    return answer(reply, page(versions.map(describe), query));
  });

  app.get('/schemas/types', (_request, reply) => answer(reply, ['AVRO']));

  app.get<Id>('/schemas/ids/:id', (request, reply) => {
    const [version] = requireId(request.params.id);
    return answer(reply, { ...schemaAttributes(version), schema: version.schema });
  });

  app.get<Id>('/schemas/ids/:id/schema', (request, reply) => {
    const [{ schema }] = requireId(request.params.id);
    return reply.type(CONTENT_TYPE).send(schema);
  });

  app.get<Id>('/schemas/ids/:id/subjects', (request, reply) => {
    const subjects = listed(requireId(request.params.id), request.query).map(({ subject }) => subject);
    return answer(reply, page([...new Set(subjects)], request.query));
  });

  app.get<Id>('/schemas/ids/:id/versions', (request, reply) => {
    const versions = listed(requireId(request.params.id), request.query);
    return answer(
      reply,
      page(
        versions.map(({ subject, version }) => ({ subject, version })),
        request.query,
      ),
    );
  });
}

function listed(versions: readonly SchemaVersion[], query: Query): readonly SchemaVersion[] {
  return versions.filter(({ deleted }) => !deleted || isSet(query, 'deleted'));
}
