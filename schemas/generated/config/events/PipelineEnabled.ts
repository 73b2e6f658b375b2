// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PipelineEnabled {
  readonly pipelineId: string;
}

export const PIPELINE_ENABLED_SCHEMA: AvroRecordSchema<PipelineEnabled> = {
  "type": "record",
  "name": "PipelineEnabled",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"pipelineId","type":"string"}],
};
