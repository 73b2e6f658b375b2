import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import type { FastifyReply } from 'fastify';
import type { RegisterRequest } from '../commands/register.ts';
import { RegistryError } from '../errors.ts';
import type { SchemaVersion } from '../records.ts';

export const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

/** What clients send as content type, beside plain JSON. */
export const ACCEPTED_TYPES = [
  CONTENT_TYPE,
  'application/vnd.schemaregistry+json',
  'application/octet-stream',
] as const;

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

const nullable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

const Reference = Type.Object({
  name: Type.String(),
  subject: Type.String(),
  version: Type.Integer({ minimum: 1 }),
});

/** What promises behaviour we do not have is refused: taken and forgotten it would be a lie. */
const unsupported = (what: string) => Type.Optional(Type.Null({ error: `${what} not supported` }));

const SchemaBody = TypeCompiler.Compile(
  Type.Object({
    schema: Type.String(),
    schemaType: nullable(Type.String()),
    references: nullable(Type.Array(Reference)),
    id: nullable(Type.Integer()),
    version: nullable(Type.Integer()),
    metadata: unsupported('metadata is'),
    ruleSet: unsupported('rules are'),
  }),
);

export const ConfigBody = TypeCompiler.Compile(
  Type.Object({
    compatibility: Type.Optional(Type.String()),
    normalize: Type.Optional(Type.Boolean()),
    alias: unsupported('an alias is'),
    compatibilityGroup: unsupported('a compatibility group is'),
    defaultMetadata: unsupported('metadata is'),
    overrideMetadata: unsupported('metadata is'),
    defaultRuleSet: unsupported('rules are'),
    overrideRuleSet: unsupported('rules are'),
  }),
);

export const ModeBody = TypeCompiler.Compile(Type.Object({ mode: Type.String() }));

/** The body, if it is what the check wants. */
export function readBody<T extends TSchema>(check: TypeCheck<T>, body: unknown): Static<T> {
  if (check.Check(body)) return body;
  const error = check.Errors(body).First();
  const problem = error?.schema.error ?? error?.message ?? 'invalid';
  throw new RegistryError('INVALID_REQUEST', `The request's body${error?.path ?? ''}: ${problem}`);
}

export function readSchema(body: unknown): RegisterRequest {
  const { schema, schemaType, references, id, version } = readBody(SchemaBody, body);
  return {
    schema,
    schemaType: schemaType ?? undefined,
    references: references ?? undefined,
    id: id ?? undefined,
    version: version ?? undefined,
  };
}

export function isSet(query: Query, name: string): boolean {
  return query[name] === 'true';
}

/** The part of a list that `offset` and `limit` ask for; a negative limit is none. */
export function page<T>(list: readonly T[], query: Query): readonly T[] {
  const offset = Math.max(integer(query.offset) ?? 0, 0);
  const limit = integer(query.limit) ?? -1;
  return limit < 0 ? list.slice(offset) : list.slice(offset, offset + limit);
}

function integer(value: Query[string]): number | undefined {
  return typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : undefined;
}

export function answer(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type(CONTENT_TYPE).send(JSON.stringify(value));
}

/** What clients see of a version. */
export function describe(version: SchemaVersion): object {
  const { subject, version: number, id, schema, schemaType, references, deleted } = version;
  return {
    subject,
    version: number,
    id,
    ...schemaAttributes({ schemaType, references }),
    schema,
    ...(deleted ? { deleted } : {}),
  };
}

/** Avro without references goes without saying. */
export function schemaAttributes({
  schemaType,
  references,
}: Pick<SchemaVersion, 'schemaType' | 'references'>): object {
  return {
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references.length === 0 ? {} : { references }),
  };
}
