import type { FastifyError, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { errorBody, type Refusal, refuse, retryAfterOf, statusOf } from './errors.ts';
import type { Collected } from './intake.ts';
import type { GatewaySettings } from './settings.ts';

export function replyRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.refusedAs = refusal.refused;
  const status = statusOf(refusal.refused);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const retryAfter = retryAfterOf(refusal);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return reply.code(status).send(errorBody(refusal));
}

/** Of a request with a single event. */
export function refusalOfOne({ rejected: [rejection] }: Pick<Collected, 'rejected'>): Refusal | undefined {
  if (rejection === undefined) return undefined;
  const { code, message, path } = rejection.error;
  return refuse(code, message, { details: { path } });
}

/** What Fastify itself refuses or what was thrown, in the gateway's own words. */
export function refusalOf(error: FastifyError, settings: GatewaySettings, logger: Logger): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('PAYLOAD_TOO_LARGE', `at most ${settings.maxPayloadSize} bytes`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_BAD_URL':
      return refuse('MALFORMED_REQUEST', 'the path cannot be decoded');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refuse('MALFORMED_REQUEST', 'the body has another length than Content-Length says');
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return refuse('MALFORMED_REQUEST', 'it ended too early or cannot be read');
  }
  logger.error({ err: error }, 'a request failed inside the gateway');
  return refuse('INTERNAL');
}

/** A browser learns who its visitor is, since it cannot read the cookie. */
export function success(collected: { readonly anonymousId: string | null }) {
  return collected.anonymousId === null
    ? { success: true }
    : { success: true, anonymousId: collected.anonymousId };
}
