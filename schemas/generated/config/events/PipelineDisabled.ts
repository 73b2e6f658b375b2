// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PipelineDisabled {
  readonly pipelineId: string;
}

export const PIPELINE_DISABLED_SCHEMA: AvroRecordSchema<PipelineDisabled> = {
  "type": "record",
  "name": "PipelineDisabled",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"pipelineId","type":"string"}],
};
