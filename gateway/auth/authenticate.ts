import type { FastifyRequest } from 'fastify';
import { type Body, decodeBody } from '../body.ts';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { GatewaySource, SourceDirectory } from '../sources.ts';
import { keyInBasicAuth, keyInBody, keyInHeaders, keyInQuery } from './pipeline-key.ts';

export interface Caller {
  readonly source: GatewaySource;
  readonly body: Body;
}

/**
 * The source a request belongs to, and its body: a key may stand in the body, but where the headers have one it is
 * checked first, so that a stranger's body is not even parsed.
 */
export function authenticate(request: FastifyRequest, config: SourceDirectory): Caller | Refusal {
  const stated = keyInHeaders(request.headers);
  const user = stated === undefined ? keyInBasicAuth(request.headers) : undefined;
  const inHeaders = stated ?? user;
  const known = inHeaders === undefined ? undefined : config.sourceByKey(inHeaders);
  if (stated !== undefined && known === undefined) return noSource(stated);

  const body = decodeBody(request.body);
  if (isRefusal(body)) return body;
  if (known !== undefined) return { source: known, body };

  const key = keyInBody(body.json) ?? keyInQuery(request.query) ?? user;
  const source = key === undefined ? undefined : config.sourceByKey(key);
  return source === undefined ? noSource(key) : { source, body };
}

function noSource(key: string | undefined): Refusal {
  return refuse(key === undefined || key === '' ? 'MISSING_PIPELINE_KEY' : 'INVALID_PIPELINE_KEY');
}
