// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: let no events through. */
export interface DisablePipeline {
}

export const DISABLE_PIPELINE_SCHEMA: AvroRecordSchema<DisablePipeline> = {
  "type": "record",
  "name": "DisablePipeline",
  "namespace": "signal.config",
  "doc": "Command: let no events through.",
  "fields": [],
};
