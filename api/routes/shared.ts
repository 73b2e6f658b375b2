import { type SchemaOptions, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type { Resource } from '../../config/index.ts';

export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(
  type: T,
  options?: SchemaOptions,
) => Type.Union([type, Type.Null()], options);

/** One of a list of words. */
export const OneOf = <T extends string>(words: readonly T[], options: SchemaOptions = {}) =>
  Type.Unsafe<T>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      { errorMessage: `Expected one of ${words.join(', ')}`, ...options },
    ),
  );

export const Timestamp = Type.String({ description: 'ISO 8601, UTC' });

/** Of a Merkle tree. */
export const HashField = Type.String({ description: 'SHA-256, in base64' });

/** A point in time as callers give it. */
export const TimeField = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'ISO 8601 with offset: 2026-01-31T12:00:00Z',
  errorMessage: 'Expected a time such as 2026-01-31T12:00:00Z',
});

/** Epoch milliseconds of what a `TimeField` holds. */
export const readTime = (text: string): number => Date.parse(text);

export const timestamp = (epochMs: number): string => new Date(epochMs).toISOString();

/** Who did something. */
export const ActorView = Type.Object({
  kind: Type.String({ description: 'user, token or system' }),
  id: Type.String(),
  name: Nullable(Type.String()),
  ip: Nullable(Type.String()),
});

/** What became of one field. */
export const FieldChangeView = Type.Object({
  path: Type.String({ description: 'Dotted: revisions.2.settings.url' }),
  before: Type.Unknown({ description: 'null: there was none' }),
  after: Type.Unknown({ description: 'null: there is none any more' }),
});

/** A filter in a query string. */
export const FilterField = (description: string) =>
  Type.String({ minLength: 1, maxLength: 600, description });

export const IdParams = Type.Object({ id: Type.String() });

/** Configuration decides what a name may be; this only bounds it. */
export const NameField = Type.String({ minLength: 1, maxLength: 200 });

/** What every resource shows. */
export const resourceFields = {
  version: Type.Integer({ description: 'Counts the changes of this resource' }),
  created_at: Timestamp,
  updated_at: Timestamp,
} as const;

export const showResource = (resource: Resource) => ({
  version: resource.version,
  created_at: timestamp(resource.createdAt),
  updated_at: timestamp(resource.updatedAt),
});

/** The view, with its version as `ETag`: what `If-Match` of a change is compared with. */
export function tagged<T extends { readonly version: number }>(reply: FastifyReply, view: T): T {
  reply.header('etag', `"${view.version}"`);
  return view;
}

export const creationOrder = (resource: Resource): number => resource.createdIn;
