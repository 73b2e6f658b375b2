// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: deliver again. */
export interface ResumeIntegration {
}

export const RESUME_INTEGRATION_SCHEMA: AvroRecordSchema<ResumeIntegration> = {
  "type": "record",
  "name": "ResumeIntegration",
  "namespace": "signal.config",
  "doc": "Command: deliver again.",
  "fields": [],
};
