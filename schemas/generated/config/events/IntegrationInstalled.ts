// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema, JsonText } from '../../avro.ts';

/** Event: with its first revision, 1. */
export interface IntegrationInstalled {
  readonly integrationId: string;
  readonly name: string;
  readonly vendor: string;
  readonly variant: string;
  readonly settings: JsonText;
  readonly secrets: Readonly<Record<string, string>>;
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly consentCategories: readonly string[];
}

export const INTEGRATION_INSTALLED_SCHEMA: AvroRecordSchema<IntegrationInstalled> = {
  "type": "record",
  "name": "IntegrationInstalled",
  "namespace": "signal.config",
  "doc": "Event: with its first revision, 1.",
  "fields": [
    {"name":"integrationId","type":"string"},
    {"name":"name","type":"string"},
    {"name":"vendor","type":"string"},
    {"name":"variant","type":"string"},
    {"name":"settings","type":{"type":"string","logicalType":"json"}},
    {"name":"secrets","type":{"type":"map","values":"string"}},
    {"name":"fingerprints","type":{"type":"map","values":"string"},"default":{}},
    {"name":"consentCategories","type":{"type":"array","items":"string"}},
  ],
};
