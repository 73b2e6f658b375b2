import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { apiError } from '../errors.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** Query strings are texts. */
export const PageQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 200, description: 'next_cursor of the page before' })),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9][0-9]?|100)$',
        description: `1 to ${MAX_LIMIT}, default ${DEFAULT_LIMIT}`,
        errorMessage: `Expected a number from 1 to ${MAX_LIMIT}`,
      }),
    ),
  },
  { additionalProperties: false },
);

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
    has_more: Type.Boolean(),
  });

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
  has_more: boolean;
}

/** Where a page begins and how long it is. Items are numbered in the list's order by something that never changes. */
export function pageRequest(query: Static<typeof PageQuery>): {
  readonly after: number;
  readonly limit: number;
} {
  return {
    after: query.cursor === undefined ? 0 : readCursor(query.cursor),
    limit: query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit),
  };
}

/** A page of `items`, in ascending order of `position`, which counts from 1. */
export function paginate<T, R>(
  items: Iterable<T>,
  query: Static<typeof PageQuery>,
  position: (item: T) => number,
  show: (item: T) => R,
): Page<R> {
  const { after, limit } = pageRequest(query);
  const rest = [...items].filter((item) => position(item) > after).sort((a, b) => position(a) - position(b));
  return toPage(rest.slice(0, limit + 1), limit, position, show);
}

/** `items`: one more than the page holds, if there are more. */
export function toPage<T, R>(
  items: readonly T[],
  limit: number,
  position: (item: T) => number,
  show: (item: T) => R,
): Page<R> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const hasMore = items.length > limit && last !== undefined;
  return {
    data: page.map((item) => show(item)),
    next_cursor: hasMore ? cursorAt(position(last)) : null,
    has_more: hasMore,
  };
}

const cursorAt = (position: number): string =>
  Buffer.from(JSON.stringify({ after: position })).toString('base64url');

function readCursor(cursor: string): number {
  const match = /^\{"after":([0-9]{1,15})\}$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match === null) throw apiError('INVALID_CURSOR');
  return Number(match[1]);
}
