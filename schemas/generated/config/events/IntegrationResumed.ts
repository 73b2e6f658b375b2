// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface IntegrationResumed {
  readonly integrationId: string;
}

export const INTEGRATION_RESUMED_SCHEMA: AvroRecordSchema<IntegrationResumed> = {
  "type": "record",
  "name": "IntegrationResumed",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"integrationId","type":"string"}],
};
