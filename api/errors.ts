import { REJECTIONS, type RejectionCode } from '../config/index.ts';

interface ErrorSpec {
  readonly status: number;
  /** `{}` stands for the detail of the case at hand. */
  readonly message: string;
}

/**
 * Every error of the management API besides the configuration's own rejections (422 for what is invalid, 409 for a
 * conflict). The body is always `{"error": {"code", "message", "details"?}}`.
 */
export const API_ERRORS = {
  MALFORMED_REQUEST: { status: 400, message: 'The request is not well-formed HTTP: {}' },
  INVALID_JSON: { status: 400, message: 'The body is not acceptable JSON: {}' },
  INVALID_CURSOR: {
    status: 400,
    message: 'The cursor is not one this list gave out; begin without a cursor',
  },
  MISSING_TOKEN: { status: 401, message: 'No token; send it as "Authorization: Bearer <token>"' },
  INVALID_TOKEN: { status: 401, message: 'The token is not known here' },
  INVALID_CREDENTIALS: { status: 401, message: 'Email address and password do not belong together' },
  ACCOUNT_LOCKED: {
    status: 401,
    message: 'Too many passwords were tried for this address; wait 15 minutes',
  },
  INVALID_REFRESH_TOKEN: {
    status: 401,
    message: 'The refresh token does not count any more; log in again',
  },
  OIDC_LOGIN_FAILED: { status: 401, message: 'The login did not succeed: {}. Start it again' },
  EXPIRED_TOKEN: { status: 401, message: 'The token has expired; use another one' },
  FORBIDDEN: { status: 403, message: 'The token does not permit this: {} is needed' },
  LOGIN_NOT_PERMITTED: { status: 403, message: 'You may not log in here: {}' },
  OIDC_NOT_CONFIGURED: { status: 404, message: 'No identity provider is configured; log in with a password' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this path' },
  SOURCE_NOT_FOUND: { status: 404, message: 'There is no source {}' },
  INTEGRATION_NOT_FOUND: { status: 404, message: 'There is no integration {}' },
  REVISION_NOT_FOUND: { status: 404, message: 'There is no revision {}' },
  PIPELINE_NOT_FOUND: { status: 404, message: 'There is no pipeline {}' },
  USER_NOT_FOUND: { status: 404, message: 'There is no user {}' },
  TOKEN_NOT_FOUND: { status: 404, message: 'There is no token {}' },
  CHECKPOINT_NOT_FOUND: { status: 404, message: 'Nothing of the log was signed yet' },
  EVENT_NOT_FOUND: {
    status: 404,
    message: 'No event with this messageId was accepted, or it is no longer kept',
  },
  REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The body is larger than accepted: {}' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send the body as application/json' },
  VALIDATION_FAILED: { status: 422, message: 'The request has fields that cannot be accepted; see details' },
  ALREADY_ANSWERED: {
    status: 409,
    message: 'This was done before, as {}; what the answer said then is shown only once',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'More than {} requests in a minute; wait as long as Retry-After says',
  },
  HEADERS_TOO_LARGE: { status: 431, message: 'The request headers are larger than accepted' },
  INTERNAL: {
    status: 500,
    message: 'The API failed; the log of this process says why, under the request id',
  },
  OIDC_UNAVAILABLE: { status: 503, message: 'The identity provider cannot be reached; try again later' },
  LOGIN_BUSY: { status: 503, message: 'Too many logins are under way; try again later' },
  LOG_UNAVAILABLE: { status: 503, message: 'The log cannot be used at the moment; try again later' },
  HISTORY_LOADING: {
    status: 503,
    message: 'This process still reads what happened before it was started; try again later',
  },
  CONFIG_UNAVAILABLE: { status: 503, message: 'The change could not be followed: {}' },
  CONFIG_TIMEOUT: { status: 504, message: 'The change could not be followed: {}' },
} as const satisfies Record<string, ErrorSpec>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** A field at fault. `path` is the one in the request: `config.url`, `limit`. */
export interface FieldProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Of a VERSION_CONFLICT: the version that the resource has; of CONFIG_MOVED: that of the configuration. */
  readonly current_version?: number;
}

/** Thrown by handlers and hooks; answered in one place (`http/error-handler.ts`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode | RejectionCode;
  readonly status: number;
  readonly details: readonly FieldProblem[] | undefined;

  constructor(
    code: ApiErrorCode | RejectionCode,
    status: number,
    message: string,
    details?: readonly FieldProblem[],
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export function apiError(code: ApiErrorCode, detail = '', details?: readonly FieldProblem[]): ApiError {
  const { status, message } = API_ERRORS[code];
  // A function, because in a replacement text `$&` and its like would be expanded.
  return new ApiError(
    code,
    status,
    message.replace('{}', () => detail),
    details,
  );
}

export const validationFailed = (details: readonly FieldProblem[]): ApiError =>
  apiError('VALIDATION_FAILED', '', details);

/** By kind of rejection. */
export const REJECTION_STATUS = { invalid: 422, missing: 404, conflict: 409 } as const;

/** A command's rejection. `path`: the field of the request that the command's field came from. */
export function rejectedBy(
  code: RejectionCode,
  message: string,
  path: string | undefined,
  currentVersion: number | null = null,
): ApiError {
  const version = currentVersion === null ? {} : { current_version: currentVersion };
  const details = path === undefined ? undefined : [{ path, code, message, ...version }];
  return new ApiError(code, REJECTION_STATUS[REJECTIONS[code]], message, details);
}
