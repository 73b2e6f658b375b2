/** Every error of a log, by code. */
export const LOG_ERRORS = {
  UNKNOWN_TOPIC: 'the topic or partition does not exist',
  UNKNOWN_STORE: 'the store was not declared when the task was opened',
  PARTITIONS_DIFFER: 'the topic exists with another number of partitions',
  INVALID: 'the request is malformed',
  RECORD_TOO_LARGE: 'the record is larger than the log accepts',
  FENCED: 'the task was opened by someone else meanwhile',
  LOCKED: 'the data directory is in use by another process',
  UNAVAILABLE: 'the log cannot be reached',
  UNSUPPORTED: 'what is stored cannot be read here',
  CORRUPT: 'stored bytes are not what was written',
  CLOSED: 'the log is closed',
} as const;

export type LogErrorCode = keyof typeof LOG_ERRORS;

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, detail: string, options?: ErrorOptions) {
    super(`${LOG_ERRORS[code]}: ${detail}`, options);
    this.code = code;
  }
}
