// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface TokenCreated {
  readonly tokenId: string;
  readonly name: string;
  /** SHA-256 of the token, hex; the token itself is shown once and never stored. */
  readonly tokenHash: string;
  /** e.g. admin */
  readonly scopes: readonly string[];
  readonly expiresAt: null | number;
}

export const TOKEN_CREATED_SCHEMA: AvroRecordSchema<TokenCreated> = {
  "type": "record",
  "name": "TokenCreated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"tokenId","type":"string"},
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
