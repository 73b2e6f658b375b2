/** Every error about secrets, by code. */
export const SECRET_ERRORS = {
  INVALID_KEY: 'ENCRYPTION_KEY must be 32 bytes, as 64 hexadecimal digits or in base64',
  KEY_FILE_EXPOSED: 'the key file can be read by others; run: chmod 600',
  KEY_FILE_UNREADABLE: 'the key file cannot be read or made',
  WRONG_KEY: 'the secrets here were sealed with another ENCRYPTION_KEY; start with that one',
  MALFORMED: 'this is not a sealed secret',
  UNKNOWN_SECRET: 'the key of this secret is not here: it was destroyed, or is not replicated yet',
} as const;

export type SecretErrorCode = keyof typeof SECRET_ERRORS;

/** Never holds a key or a secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? SECRET_ERRORS[code] : `${SECRET_ERRORS[code]}: ${detail}`, options);
    this.code = code;
  }
}
