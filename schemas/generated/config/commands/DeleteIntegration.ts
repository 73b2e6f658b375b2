// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: delete an integration that no pipeline uses. */
export interface DeleteIntegration {
}

export const DELETE_INTEGRATION_SCHEMA: AvroRecordSchema<DeleteIntegration> = {
  "type": "record",
  "name": "DeleteIntegration",
  "namespace": "signal.config",
  "doc": "Command: delete an integration that no pipeline uses.",
  "fields": [],
};
