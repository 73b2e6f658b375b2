// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: other values for secrets; those not named stay. */
export interface RotateCredentials {
  /** Sealed secrets by setting key. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What may be shown of each secret. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export const ROTATE_CREDENTIALS_SCHEMA: AvroRecordSchema<RotateCredentials> = {
  "type": "record",
  "name": "RotateCredentials",
  "namespace": "signal.config",
  "doc": "Command: other values for secrets; those not named stay.",
  "fields": [
    {
      "name": "secrets",
      "type": {"type":"map","values":"string"},
      "doc": "Sealed secrets by setting key.",
    },
    {
      "name": "fingerprints",
      "type": {"type":"map","values":"string"},
      "doc": "What may be shown of each secret.",
    },
  ],
};
