import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refuse } from '../errors.ts';
import { isObject } from '../normalise/fields.ts';

/*
 * A pipeline key is a public identifier (it stands in the source of every page): it tells the source, and proves
 * nothing about the sender. So it may also travel in a body or a query. Segment's and RudderStack's SDKs call it the
 * write key and send it as the user name of Basic auth, as `writeKey` in the body, or both.
 */

/** `Authorization: Bearer …`, then `X-Pipeline-Key`. "" where the header is there without a key. */
export function keyInHeaders(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
  if (bearer !== null) return bearer[1]?.trim() ?? '';
  const header = headers['x-pipeline-key'];
  return Array.isArray(header) ? header[0] : header;
}

/** The user name of `Authorization: Basic …`, whatever the password. It may be somebody's login at a proxy in front,
 * which the browser sends along, so one that is no key is not an error yet. */
export function keyInBasicAuth(headers: IncomingHttpHeaders): string | undefined {
  const basic = /^basic +(\S+)$/i.exec(headers.authorization ?? '');
  if (basic === null) return undefined;
  const [user] = Buffer.from(basic[1] ?? '', 'base64')
    .toString('utf8')
    .split(':', 1);
  return user === '' ? undefined : user;
}

const START = '{"pipelineKey":"';

/** Bytes; no key is as long. */
const MAX_KEY = 100;

/** `pipelineKey` of a body that begins with it, as datafly.js's do, found without parsing it. */
export function keyAtStart(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  const start = body.toString('latin1', 0, START.length + MAX_KEY);
  return start.startsWith(START) ? /^\w+(?=")/.exec(start.slice(START.length))?.[0] : undefined;
}

/** `pipelineKey` of a body, since `navigator.sendBeacon` cannot set headers; `writeKey` in Segment's words. */
export function keyInBody(json: unknown): string | undefined {
  return isObject(json) ? (asKey(json.pipelineKey) ?? asKey(json.writeKey)) : undefined;
}

/** `?key=…`; `?wk=…` of pixels, `?writeKey=…` of RudderStack's beacons. */
export function keyInQuery(query: unknown): string | undefined {
  return isObject(query) ? (asKey(query.key) ?? asKey(query.wk) ?? asKey(query.writeKey)) : undefined;
}

/** Why there is no source for this key. */
export function noSource(key: string | undefined): Refusal {
  return refuse(key === undefined || key === '' ? 'MISSING_PIPELINE_KEY' : 'INVALID_PIPELINE_KEY');
}

/** A key of another type is a wrong key rather than none; no source has the empty one. */
function asKey(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : '';
}
