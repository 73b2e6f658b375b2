import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LogError } from '../../streams/index.ts';
import { ConfigError } from '../../topologies/config/index.ts';
import { ApiError, apiError } from '../errors.ts';

/** Answers everything that was thrown, in the API's own words. */
export function handleErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = toApiError(error, request.routeOptions.bodyLimit);
    if (answer.status >= 500) logger.error({ err: error, ...traits(request) }, 'a request failed');
    return send(reply, answer);
  });
  app.setNotFoundHandler((_request, reply) => send(reply, apiError('NOT_FOUND')));
}

/** What Fastify refuses before there is a route to handle it. */
export function frameworkError(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void send(reply, apiError('MALFORMED_REQUEST', 'the path cannot be decoded or is too long'));
}

function send(reply: FastifyReply, { code, status, message, details }: ApiError): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 503) reply.header('retry-after', '2');
  return reply
    .code(status)
    .send({ error: details === undefined ? { code, message } : { code, message, details } });
}

/** Fastify says the same of both. */
const NOT_PARSED = 'it cannot be parsed, or holds a key that is refused (__proto__, constructor.prototype)';

function toApiError(error: FastifyError | Error, maxBodySize = 0): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ConfigError)
    return apiError(error.code === 'CONFIG_TIMEOUT' ? 'CONFIG_TIMEOUT' : 'CONFIG_UNAVAILABLE', error.message);
  if (error instanceof LogError) return apiError('LOG_UNAVAILABLE');
  if (error instanceof SyntaxError) return apiError('INVALID_JSON', NOT_PARSED);
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return apiError('PAYLOAD_TOO_LARGE', `at most ${maxBodySize} bytes`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return apiError('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return apiError('INVALID_JSON', 'it is empty');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return apiError('INVALID_JSON', NOT_PARSED);
  }
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return status !== undefined && status >= 400 && status < 500
    ? apiError('MALFORMED_REQUEST', 'it cannot be read')
    : apiError('INTERNAL');
}

/** What may be logged of a request: its URL may name people. */
export const traits = (request: FastifyRequest): object => ({
  request_id: request.id,
  method: request.method,
  route: request.routeOptions.url ?? 'unknown',
});
