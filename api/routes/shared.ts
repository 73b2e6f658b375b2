import { Type } from '@sinclair/typebox';
import type { Resource } from '../../config/index.ts';

export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

export const Timestamp = Type.String({ description: 'ISO 8601, UTC' });

export const timestamp = (epochMs: number): string => new Date(epochMs).toISOString();

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

export const creationOrder = (resource: Resource): number => resource.createdIn;
