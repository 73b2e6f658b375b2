// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface CredentialsRotated {
  readonly integrationId: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly fingerprints: Readonly<Record<string, string>>;
}

export const CREDENTIALS_ROTATED_SCHEMA: AvroRecordSchema<CredentialsRotated> = {
  "type": "record",
  "name": "CredentialsRotated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"integrationId","type":"string"},
    {"name":"secrets","type":{"type":"map","values":"string"}},
    {"name":"fingerprints","type":{"type":"map","values":"string"}},
  ],
};
