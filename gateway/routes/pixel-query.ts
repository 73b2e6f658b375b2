import type { IncomingHttpHeaders } from 'node:http';
import type { EventType } from '../../schemas/index.ts';
import { type Refusal, refuse } from '../errors.ts';
import { isDangerousKey, isObject, LIMITS } from '../normalise/fields.ts';

export type PixelType = Exclude<EventType, 'alias' | 'consent'>;

type Nested = { [key: string]: string | readonly string[] | Nested };

/**
 * The event in a pixel's query: `e` its name (of a page or screen: that one's), `uid` userId, `aid` anonymousId, `gid`
 * groupId, `mid` messageId, `ts` milliseconds since 1970, `p.…` properties and `t.…` traits. Dots nest. All values are
 * text, a name given twice is a list; `cb`, against caches, and whatever else there is means nothing.
 */
export function readPixel(
  query: unknown,
  type: PixelType,
  headers: Pick<IncomingHttpHeaders, 'referer' | 'sec-fetch-site'>,
): Record<string, unknown> | Refusal {
  const given = isObject(query) ? query : {};
  const properties = nest(given, 'p.');
  if ('wrong' in properties) return invalid(properties.wrong, 'does not nest');
  const traits = nest(given, 't.');
  if ('wrong' in traits) return invalid(traits.wrong, 'does not nest');
  const timestamp = given.ts === undefined ? undefined : isoTime(given.ts);
  if (timestamp === null) return invalid('ts', 'is not a number of milliseconds since 1970');
  return {
    [type === 'page' || type === 'screen' ? 'name' : 'event']: given.e,
    messageId: given.mid,
    userId: given.uid,
    anonymousId: given.aid,
    groupId: given.gid,
    properties: properties.nested,
    traits: traits.nested,
    timestamp,
    context: { page: pageOf(type, headers) },
  };
}

/** The page that holds the image, where it is one of the site's own: a mail's reader is nobody's business. */
function pageOf(
  type: PixelType,
  { referer, 'sec-fetch-site': fetchSite }: Pick<IncomingHttpHeaders, 'referer' | 'sec-fetch-site'>,
): object | undefined {
  const isOwn = fetchSite === 'same-origin' || fetchSite === 'same-site';
  return type === 'page' && isOwn && referer !== undefined ? { url: referer } : undefined;
}

function nest(
  query: Readonly<Record<string, unknown>>,
  prefix: string,
): { readonly nested: Nested } | { readonly wrong: string } {
  const nested: Nested = {};
  for (const [name, value] of Object.entries(query)) {
    if (!name.startsWith(prefix)) continue;
    const path = name.slice(prefix.length).split('.');
    const isPlain = path.every((key) => key !== '' && !isDangerousKey(key)) && path.length <= LIMITS.depth;
    if (!isPlain || !isText(value) || !put(nested, path, value)) return { wrong: name };
  }
  return { nested };
}

/** False where `a=1` and `a.b=2` contradict each other. */
function put(into: Nested, path: readonly string[], value: string | readonly string[]): boolean {
  let at = into;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : {};
    if (!isNested(next)) return false;
    at[key] = next;
    at = next;
  }
  const last = path.at(-1) ?? '';
  if (Object.hasOwn(at, last)) return false;
  at[last] = value;
  return true;
}

const isNested = (value: Nested[string] | undefined): value is Nested => isObject(value);

const isText = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

function isoTime(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{1,13}$/.test(value)) return null;
  return new Date(Number(value)).toISOString();
}

function invalid(name: string, problem: string): Refusal {
  // The name is the sender's own; it is cut where it would make the message long.
  return refuse('INVALID_EVENT', `${name.slice(0, 100)} ${problem}`, {
    details: { path: name.slice(0, 100) },
  });
}
