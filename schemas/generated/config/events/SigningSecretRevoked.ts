// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface SigningSecretRevoked {
  readonly sourceId: string;
  readonly fingerprint: string;
}

export const SIGNING_SECRET_REVOKED_SCHEMA: AvroRecordSchema<SigningSecretRevoked> = {
  "type": "record",
  "name": "SigningSecretRevoked",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"sourceId","type":"string"},{"name":"fingerprint","type":"string"}],
};
