/** Every error of checkpoints, by code. */
export const CHECKPOINT_ERRORS = {
  LOG_AT_FAULT:
    'no more of the log is signed, because it is not what it was (`signal config verify` and `signal access-log verify` tell more)',
  UNKNOWN_KEY:
    'the log was signed with a key that is not known here; give all processes one SIGNAL_CHECKPOINT_KEY, or name the public keys of before in SIGNAL_CHECKPOINT_RETIRED_KEYS',
  INVALID_KEY:
    'this is not a checkpoint key: PRIVATE+KEY+<name>+<id>+<base64>, as `signal config new-key` prints it',
  INVALID_NAME: 'this cannot be the name of a log: it must not be empty or hold a space or a plus sign',
  INVALID_PUBLIC_KEY: 'this is not the public key of a log: <name>+<id>+<base64>',
  KEY_FILE_EXPOSED: 'the key file can be read by others; run: chmod 600',
  KEY_FILE_UNREADABLE: 'the key file cannot be read or made',
} as const;

export type CheckpointErrorCode = keyof typeof CHECKPOINT_ERRORS;

/** Never holds a secret key. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code: CheckpointErrorCode;

  constructor(code: CheckpointErrorCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? CHECKPOINT_ERRORS[code] : `${CHECKPOINT_ERRORS[code]}: ${detail}`, options);
    this.code = code;
  }
}
