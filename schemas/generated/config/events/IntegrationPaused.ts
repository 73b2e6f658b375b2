// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface IntegrationPaused {
  readonly integrationId: string;
}

export const INTEGRATION_PAUSED_SCHEMA: AvroRecordSchema<IntegrationPaused> = {
  "type": "record",
  "name": "IntegrationPaused",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"integrationId","type":"string"}],
};
