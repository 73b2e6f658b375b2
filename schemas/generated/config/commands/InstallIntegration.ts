// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from '../../avro.ts';

/** Command: install a vendor of the catalog. */
export interface InstallIntegration {
  readonly name: string;
  /** Key in the catalog. */
  readonly vendor: string;
  readonly variant: string;
  /** A JSON object of the non-secret settings. */
  readonly settings: JsonText;
  /** Sealed secrets by setting key. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What may be shown of each secret. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly consentCategories: readonly string[];
}

export const INSTALL_INTEGRATION_SCHEMA: AvroRecordSchema<InstallIntegration> = {
  "type": "record",
  "name": "InstallIntegration",
  "namespace": "signal.config",
  "doc": "Command: install a vendor of the catalog.",
  "fields": [
    {"name":"name","type":"string"},
    {"name":"vendor","type":"string","doc":"Key in the catalog."},
    {"name":"variant","type":"string"},
    {
      "name": "settings",
      "type": {"type":"string","logicalType":"json"},
      "doc": "A JSON object of the non-secret settings.",
    },
    {
      "name": "secrets",
      "type": {"type":"map","values":"string"},
      "doc": "Sealed secrets by setting key.",
    },
    {
      "name": "fingerprints",
      "type": {"type":"map","values":"string"},
      "doc": "What may be shown of each secret.",
      "default": {},
    },
    {"name":"consentCategories","type":{"type":"array","items":"string"}},
  ],
};
