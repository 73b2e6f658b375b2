// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface SigningSecretAdded {
  readonly sourceId: string;
  /** Sealed. */
  readonly secret: string;
  readonly fingerprint: string;
}

export const SIGNING_SECRET_ADDED_SCHEMA: AvroRecordSchema<SigningSecretAdded> = {
  "type": "record",
  "name": "SigningSecretAdded",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"secret","type":"string","doc":"Sealed."},
    {"name":"fingerprint","type":"string"},
  ],
};
