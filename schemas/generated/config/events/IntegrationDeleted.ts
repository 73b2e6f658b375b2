// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event: its secrets are to be destroyed. */
export interface IntegrationDeleted {
  readonly integrationId: string;
}

export const INTEGRATION_DELETED_SCHEMA: AvroRecordSchema<IntegrationDeleted> = {
  "type": "record",
  "name": "IntegrationDeleted",
  "namespace": "signal.config",
  "doc": "Event: its secrets are to be destroyed.",
  "fields": [{"name":"integrationId","type":"string"}],
};
