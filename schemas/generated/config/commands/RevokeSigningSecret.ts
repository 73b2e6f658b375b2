// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a signing secret is worthless from now on, and destroyed. */
export interface RevokeSigningSecret {
  readonly fingerprint: string;
}

export const REVOKE_SIGNING_SECRET_SCHEMA: AvroRecordSchema<RevokeSigningSecret> = {
  "type": "record",
  "name": "RevokeSigningSecret",
  "namespace": "signal.config",
  "doc": "Command: a signing secret is worthless from now on, and destroyed.",
  "fields": [{"name":"fingerprint","type":"string"}],
};
