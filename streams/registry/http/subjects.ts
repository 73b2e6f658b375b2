import type { FastifyInstance } from 'fastify';
import { deleteSubject, deleteVersion } from '../commands/delete.ts';
import { lookUp, register } from '../commands/register.ts';
import { requireSubject, requireVersion } from '../commands/require.ts';
import type { Registry } from '../registry.ts';
import { answer, describe, isSet, page, type Query, readSchema } from './message.ts';

interface Subject {
  Params: { subject: string };
  Querystring: Query;
}

interface Version {
  Params: { subject: string; version: string };
  Querystring: Query;
}

/** `:*:` is how clients write "of any context"; there is one context here. */
const ANY_CONTEXT = ':*:';

export function subjectRoutes(app: FastifyInstance, registry: Registry): void {
  const { store } = registry;

  app.get<{ Querystring: Query }>('/subjects', (request, reply) => {
    const { query } = request;
    const prefix = String(query.subjectPrefix ?? '').replace(ANY_CONTEXT, '');
    const all = store.subjects({ deleted: isSet(query, 'deleted') || isSet(query, 'deletedOnly') });
    const alive = new Set(store.subjects());
    const wanted = isSet(query, 'deletedOnly') ? all.filter((subject) => !alive.has(subject)) : all;
    return answer(
      reply,
      page(
        wanted.filter((subject) => subject.startsWith(prefix)),
        query,
      ),
    );
  });

  app.post<Subject>('/subjects/:subject', (request, reply) => {
    const { subject } = request.params;
    const normalize = isSet(request.query, 'normalize');
    const deleted = isSet(request.query, 'deleted');
    return answer(reply, describe(lookUp(store, subject, readSchema(request.body), { normalize, deleted })));
  });

  app.delete<Subject>('/subjects/:subject', async (request, reply) => {
    const permanent = isSet(request.query, 'permanent');
    return answer(reply, await registry.run((now) => deleteSubject(now, request.params.subject, permanent)));
  });

  app.get<Subject>('/subjects/:subject/versions', (request, reply) => {
    const { query } = request;
    const { subject } = request.params;
    const deletedOnly = isSet(query, 'deletedOnly');
    const deleted = isSet(query, 'deleted') || deletedOnly;
    requireSubject(store, subject, deleted);
    const versions = store
      .versions(subject, { deleted })
      .filter((version) => version.deleted || !deletedOnly);
    return answer(
      reply,
      page(
        versions.map(({ version }) => version),
        query,
      ),
    );
  });

  app.post<Subject>('/subjects/:subject/versions', async (request, reply) => {
    const { subject } = request.params;
    const schema = readSchema(request.body);
    const normalize = isSet(request.query, 'normalize');
    return answer(reply, await registry.run((now) => register(now, subject, schema, normalize)));
  });

  app.get<Version>('/subjects/:subject/versions/:version', (request, reply) => {
    const { subject, version } = request.params;
    return answer(reply, describe(requireVersion(store, subject, version, isSet(request.query, 'deleted'))));
  });

  app.delete<Version>('/subjects/:subject/versions/:version', async (request, reply) => {
    const { subject, version } = request.params;
    const permanent = isSet(request.query, 'permanent');
    return answer(reply, await registry.run((now) => deleteVersion(now, subject, version, permanent)));
  });

  app.get<Version>('/subjects/:subject/versions/:version/schema', (request, reply) => {
    const { subject, version } = request.params;
    const { schema } = requireVersion(store, subject, version, isSet(request.query, 'deleted'));
    return answer(reply, JSON.parse(schema));
  });

  app.get<Version>('/subjects/:subject/versions/:version/referencedby', (request, reply) => {
    const { subject, version } = request.params;
    const target = requireVersion(store, subject, version, true);
    const referrers = store.referrers(target, { deleted: isSet(request.query, 'deleted') });
    const ids = [...new Set(referrers.map(({ id }) => id))].sort((a, b) => a - b);
    return answer(reply, page(ids, request.query));
  });
}
