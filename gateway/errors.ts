/**
 * Every refusal of the gateway: its code, HTTP status and message. The body is always
 * `{"error": {"code", "message", "details"?}}`. A sender may retry what says `retry` (with the same messageIds);
 * everything else will be refused again unchanged.
 */

interface ErrorSpec {
  readonly status: number;
  /** `{}` stands for the detail of the case at hand: names of fields and numbers, never a pipeline key or what a
   * field holds. */
  readonly message: string;
  readonly retry?: true;
}

export const GATEWAY_ERRORS = {
  INVALID_ENCODING: { status: 400, message: 'The body is not valid UTF-8; send it as UTF-8' },
  INVALID_COMPRESSION: {
    status: 400,
    message: 'The body cannot be decompressed as its Content-Encoding says; compress it whole, once',
  },
  INVALID_JSON: { status: 400, message: 'The body is not valid JSON: {}' },
  INVALID_BODY: { status: 400, message: 'The body has the wrong shape: {}' },
  INVALID_EVENT: { status: 400, message: '{}' },
  MISSING_IDENTITY: {
    status: 400,
    message: 'The event has neither anonymousId nor userId; send at least one of them',
  },
  INVALID_BATCH: { status: 400, message: 'None of the events in the batch could be accepted; see details' },
  BATCH_TOO_LARGE: { status: 400, message: 'The batch holds too many events: {}; split it' },
  MALFORMED_REQUEST: { status: 400, message: 'The request is not well-formed HTTP: {}' },
  MISSING_PIPELINE_KEY: {
    status: 401,
    message:
      'No pipeline key; send it as "Authorization: Bearer <key>", as "X-Pipeline-Key", as pipelineKey in the body or as key in the query',
  },
  INVALID_PIPELINE_KEY: {
    status: 401,
    message: 'The pipeline key is not known here; check it, and that its source still exists',
  },
  SIGNATURE_MISSING: { status: 401, message: 'This source takes signed calls only, and {} is missing' },
  SIGNATURE_INVALID: { status: 401, message: 'The signature is wrong: {}' },
  SIGNATURE_EXPIRED: {
    status: 401,
    message:
      'The signature’s timestamp is too far from the time here; sign again with the current time, and check the clock',
  },
  ORIGIN_NOT_ALLOWED: {
    status: 403,
    message:
      'This source takes no events from pages of this origin; list it in the source’s allowed origins, or if it has none in CORS_ORIGINS',
  },
  NOT_FOUND: { status: 404, message: 'There is nothing at this path' },
  UNKNOWN_WEBHOOK: {
    status: 404,
    message: 'No source of type webhook has this id; the address ends in ?source= and the id of one',
  },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This path does not answer this method; see the Allow header' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time', retry: true },
  SIGNATURE_REPLAYED: {
    status: 409,
    message:
      'A request with this signature was accepted before; for a new one sign again with the current time',
  },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The body is larger than accepted: {}; split it' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'The Content-Type is not accepted; send JSON as application/json or text/plain',
  },
  UNSUPPORTED_ENCODING: {
    status: 415,
    message:
      'The Content-Encoding is not accepted; send the body uncompressed, or by one of gzip, deflate and br',
  },
  EXPECTATION_FAILED: {
    status: 417,
    message: 'The Expect header asks for something this server does not do',
  },
  WEBHOOK_NOT_MAPPED: {
    status: 422,
    message:
      'Not all of the payload could be made into events, see details; correct the source’s mappings, and have it sent again',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Too many requests for this pipeline key; slow down, or send events in batches',
    retry: true,
  },
  ADDRESS_RATE_LIMITED: {
    status: 429,
    message: 'Too many requests from this address; slow down, or send events in batches',
    retry: true,
  },
  HEADERS_TOO_LARGE: { status: 431, message: 'The request headers are larger than accepted' },
  INTERNAL: { status: 500, message: 'The gateway failed; the events were not accepted', retry: true },
  LOG_UNAVAILABLE: {
    status: 503,
    message: 'The events could not be stored and were not accepted; send them again later',
    retry: true,
  },
  SIGNATURE_UNVERIFIABLE: {
    status: 503,
    message: 'Signatures cannot be verified at the moment; send the same request again later',
    retry: true,
  },
  OVERLOADED: {
    status: 503,
    message: 'The gateway has as much under way as it can hold; send the request again later',
    retry: true,
  },
} as const satisfies Record<string, ErrorSpec>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

/** A request that is not served, and why: a value, made where the fault is found and answered in one place. */
export interface Refusal {
  readonly refused: GatewayErrorCode;
  /** Fills `{}` of the message. */
  readonly detail: string;
  readonly details?: unknown;
  /** Where it is known; what may be retried and leaves it out gets a default. */
  readonly retryAfterSeconds?: number;
}

export function refuse(
  code: GatewayErrorCode,
  detail = '',
  more: Pick<Refusal, 'details' | 'retryAfterSeconds'> = {},
): Refusal {
  return { refused: code, detail, ...more };
}

export function isRefusal<T extends object>(outcome: T | Refusal): outcome is Refusal {
  return 'refused' in outcome;
}

export interface ErrorBody {
  readonly error: { readonly code: GatewayErrorCode; readonly message: string; readonly details?: unknown };
}

export function statusOf(code: GatewayErrorCode): number {
  return GATEWAY_ERRORS[code].status;
}

const DEFAULT_RETRY_AFTER_SECONDS = 2;

/** Seconds for `Retry-After`, `undefined` where trying again is of no use. */
export function retryAfterOf({ refused, retryAfterSeconds }: Refusal): number | undefined {
  const spec: ErrorSpec = GATEWAY_ERRORS[refused];
  return spec.retry ? (retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) : undefined;
}

export function messageOf(code: GatewayErrorCode, detail = ''): string {
  // A function, because in a replacement text `$&` and its like would be expanded.
  return GATEWAY_ERRORS[code].message.replace('{}', () => detail);
}

export function errorBody(refusal: Refusal): ErrorBody {
  const message = messageOf(refusal.refused, refusal.detail);
  return refusal.details === undefined
    ? { error: { code: refusal.refused, message } }
    : { error: { code: refusal.refused, message, details: refusal.details } };
}
