import { SerdeError } from '../errors.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** A registry in memory that accepts everything: for tests. Ids count from 1 in order of registration. */
export function memoryRegistry(): SchemaRegistry {
  const schemas: string[] = [];
  const subjects = new Map<string, number[]>();

  return {
    async register(subject, schema) {
      const known = schemas.indexOf(schema) + 1;
      const id = known > 0 ? known : schemas.push(schema);
      const ids = subjects.get(subject) ?? [];
      if (!ids.includes(id)) subjects.set(subject, [...ids, id]);
      return id;
    },
    async ids(subject) {
      return subjects.get(subject) ?? [];
    },
    async schema(id) {
      const schema = schemas[id - 1];
      if (schema === undefined) throw new SerdeError('UNKNOWN_SCHEMA', `id ${id}`);
      return schema;
    },
  };
}
