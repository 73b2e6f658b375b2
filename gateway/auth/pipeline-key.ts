import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../normalise/fields.ts';

/*
 * A pipeline key is a public identifier (it stands in the source of every page): it tells the source, and proves
 * nothing about the sender. So it may also travel in a body or a query.
 */

/** `Authorization: Bearer …`, then `X-Pipeline-Key`. "" where the header is there without a key. */
export function keyInHeaders(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
  if (bearer !== null) return bearer[1]?.trim() ?? '';
  const header = headers['x-pipeline-key'];
  return Array.isArray(header) ? header[0] : header;
}

/** `pipelineKey` of a body: `navigator.sendBeacon` cannot set headers. */
export function keyInBody(json: unknown): string | undefined {
  return isObject(json) ? asKey(json.pipelineKey) : undefined;
}

/** `?key=…` */
export function keyInQuery(query: unknown): string | undefined {
  return isObject(query) ? asKey(query.key) : undefined;
}

/** A key of another type is a wrong key rather than none; no source has the empty one. */
function asKey(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : '';
}
