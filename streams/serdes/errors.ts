/** Every error of a serde or a schema registry client, by code. */
export const SERDE_ERRORS = {
  INVALID_VALUE: 'the value does not fit the type',
  MALFORMED: 'the bytes are not what this serde writes',
  NOT_WIRE_FORMAT: 'the bytes do not begin with the magic byte and a schema id',
  UNSAFE_LONG: 'a 64-bit integer is too large for a JavaScript number',
  UNKNOWN_SCHEMA: 'the registry does not know the schema',
  INCOMPATIBLE_SCHEMA: 'what was written with this schema cannot be read with ours',
  REGISTRY_REFUSED: 'the schema registry refused the request',
  REGISTRY_UNAVAILABLE: 'the schema registry cannot be reached',
} as const;

export type SerdeErrorCode = keyof typeof SERDE_ERRORS;

/** Messages name places and types, never values: those may be personal data. */
export class SerdeError extends Error {
  override readonly name = 'SerdeError';
  readonly code: SerdeErrorCode;

  constructor(code: SerdeErrorCode, detail: string, options?: ErrorOptions) {
    super(`${SERDE_ERRORS[code]}: ${detail}`, options);
    this.code = code;
  }
}
