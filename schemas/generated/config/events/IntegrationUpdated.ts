// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event: how the integration is from now on. */
export interface IntegrationUpdated {
  readonly integrationId: string;
  readonly name: string;
  readonly consentCategories: readonly string[];
}

export const INTEGRATION_UPDATED_SCHEMA: AvroRecordSchema<IntegrationUpdated> = {
  "type": "record",
  "name": "IntegrationUpdated",
  "namespace": "signal.config",
  "doc": "Event: how the integration is from now on.",
  "fields": [
    {"name":"integrationId","type":"string"},
    {"name":"name","type":"string"},
    {"name":"consentCategories","type":{"type":"array","items":"string"}},
  ],
};
