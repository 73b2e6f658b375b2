// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a new API token. */
export interface CreateToken {
  readonly name: string;
  /** SHA-256 of the token, hex; the token itself is shown once and never stored. */
  readonly tokenHash: string;
  /** e.g. admin */
  readonly scopes: readonly string[];
  readonly expiresAt: null | number;
}

export const CREATE_TOKEN_SCHEMA: AvroRecordSchema<CreateToken> = {
  "type": "record",
  "name": "CreateToken",
  "namespace": "signal.config",
  "doc": "Command: a new API token.",
  "fields": [
    {"name":"name","type":"string"},
    {
      "name": "tokenHash",
      "type": "string",
      "doc": "SHA-256 of the token, hex; the token itself is shown once and never stored.",
    },
    {"name":"scopes","type":{"type":"array","items":"string"},"doc":"e.g. admin"},
    {
      "name": "expiresAt",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "default": null,
    },
  ],
};
