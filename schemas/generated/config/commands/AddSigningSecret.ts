// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a signing secret, beside the one there may be until that is revoked. */
export interface AddSigningSecret {
  /** Sealed: deciding has no randomness, and no log holds a secret. */
  readonly secret: string;
  readonly fingerprint: string;
}

export const ADD_SIGNING_SECRET_SCHEMA: AvroRecordSchema<AddSigningSecret> = {
  "type": "record",
  "name": "AddSigningSecret",
  "namespace": "signal.config",
  "doc": "Command: a signing secret, beside the one there may be until that is revoked.",
  "fields": [
    {
      "name": "secret",
      "type": "string",
      "doc": "Sealed: deciding has no randomness, and no log holds a secret.",
    },
    {"name":"fingerprint","type":"string"},
  ],
};
