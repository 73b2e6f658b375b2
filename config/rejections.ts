/**
 * Why a command is refused. `invalid`: it would be refused in any state like this one, the caller should change
 * the field. `missing`: what it is about is not there. `conflict`: it collides with what is there.
 */
export const REJECTIONS = {
  INVALID_ID: 'invalid',
  INVALID_NAME: 'invalid',
  INVALID_SOURCE_TYPE: 'invalid',
  INVALID_PIPELINE_KEY: 'invalid',
  INVALID_CONSENT_CATEGORY: 'invalid',
  INVALID_RATE_LIMIT: 'invalid',
  INVALID_ORIGIN: 'invalid',
  UNKNOWN_COOKIE: 'invalid',
  INVALID_WEBHOOK: 'invalid',
  INVALID_MAPPING: 'invalid',
  INVALID_JSON_PATH: 'invalid',
  INVALID_COLLECTOR: 'invalid',
  INVALID_SCRIPT_FILENAME: 'invalid',
  INVALID_DOMAIN: 'invalid',
  UNKNOWN_SIGNING_SECRET: 'invalid',
  REASON_REQUIRED: 'invalid',
  INVALID_TOKEN_HASH: 'invalid',
  INVALID_EMAIL: 'invalid',
  INVALID_PASSWORD_HASH: 'invalid',
  INVALID_INVITATION: 'invalid',
  INVALID_EXPIRY: 'invalid',
  UNKNOWN_POLICY: 'invalid',
  UNKNOWN_SCOPE: 'invalid',
  UNKNOWN_ROLE: 'invalid',
  UNKNOWN_PIPELINE_KEY: 'invalid',
  UNKNOWN_SOURCE: 'invalid',
  UNKNOWN_INTEGRATION: 'invalid',
  UNKNOWN_REVISION: 'invalid',
  UNKNOWN_VENDOR: 'invalid',
  UNKNOWN_VARIANT: 'invalid',
  UNKNOWN_SETTING: 'invalid',
  MISSING_SETTING: 'invalid',
  INVALID_SETTING: 'invalid',
  MISPLACED_SECRET: 'invalid',
  UNKNOWN_COMMAND: 'invalid',
  TOO_MANY_CHANGES: 'invalid',
  IDEMPOTENCY_KEY_REUSED: 'invalid',
  SOURCE_NOT_FOUND: 'missing',
  INTEGRATION_NOT_FOUND: 'missing',
  REVISION_NOT_FOUND: 'missing',
  PIPELINE_NOT_FOUND: 'missing',
  TOKEN_NOT_FOUND: 'missing',
  USER_NOT_FOUND: 'missing',
  ID_TAKEN: 'conflict',
  NAME_TAKEN: 'conflict',
  PIPELINE_KEY_TAKEN: 'conflict',
  KEY_ROTATION_UNFINISHED: 'conflict',
  LAST_KEY: 'conflict',
  SCRIPT_FILENAME_TAKEN: 'conflict',
  SECRET_ROTATION_UNFINISHED: 'conflict',
  IN_USE: 'conflict',
  TOKEN_TAKEN: 'conflict',
  EMAIL_TAKEN: 'conflict',
  OWNER_REQUIRED: 'conflict',
  INVITATION_CLOSED: 'conflict',
  USER_NOT_ACTIVE: 'conflict',
  PIPELINE_EXISTS: 'conflict',
  NOT_PUBLISHED: 'conflict',
  REVISION_PUBLISHED: 'conflict',
  REVISION_NOT_DRAFT: 'conflict',
  REVISION_NOT_SUBMITTED: 'conflict',
  APPROVAL_REQUIRED: 'conflict',
  NO_SECOND_PERSON: 'conflict',
  NOTHING_TO_ROLL_BACK: 'conflict',
  NOTHING_CHANGED: 'conflict',
  VERSION_CONFLICT: 'conflict',
  CONFIG_MOVED: 'conflict',
} as const satisfies Record<string, 'invalid' | 'missing' | 'conflict'>;

export type RejectionCode = keyof typeof REJECTIONS;

export interface Rejection {
  readonly code: RejectionCode;
  /** For people: what is wrong and what to do. Never holds a secret. */
  readonly message: string;
  /** The field of the command at fault, in the command's own words (`settings.url`). */
  readonly field: string | null;
  /** Of a VERSION_CONFLICT: the version that the resource has; of CONFIG_MOVED: that of the configuration. */
  readonly currentVersion: number | null;
}

export const reject = (code: RejectionCode, field: string | null, message: string): Rejection => ({
  code,
  message,
  field,
  currentVersion: null,
});

export function isRejectionCode(code: string): code is RejectionCode {
  return Object.hasOwn(REJECTIONS, code);
}
