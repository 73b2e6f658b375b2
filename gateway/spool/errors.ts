/** Every error of the spool, by code. */
export const SPOOL_ERRORS = {
  SPOOL_FULL: 'the spool has reached its limit; the log has to come back, or SPOOL_MAX_BYTES to be raised',
  SPOOL_UNWRITABLE: 'the spool cannot be written',
  SPOOL_LOCKED: 'the spool is in use by another process; give each gateway a data directory of its own',
} as const;

export type SpoolErrorCode = keyof typeof SPOOL_ERRORS;

export class SpoolError extends Error {
  override readonly name = 'SpoolError';
  readonly code: SpoolErrorCode;

  constructor(code: SpoolErrorCode, detail: string, options?: ErrorOptions) {
    super(`${SPOOL_ERRORS[code]}: ${detail}`, options);
    this.code = code;
  }
}
