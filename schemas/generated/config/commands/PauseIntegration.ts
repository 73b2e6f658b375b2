// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: deliver nothing for now; what there is to deliver waits. */
export interface PauseIntegration {
}

export const PAUSE_INTEGRATION_SCHEMA: AvroRecordSchema<PauseIntegration> = {
  "type": "record",
  "name": "PauseIntegration",
  "namespace": "signal.config",
  "doc": "Command: deliver nothing for now; what there is to deliver waits.",
  "fields": [],
};
