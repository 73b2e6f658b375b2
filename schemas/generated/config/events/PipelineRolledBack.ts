// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PipelineRolledBack {
  readonly pipelineId: string;
  readonly revision: number;
}

export const PIPELINE_ROLLED_BACK_SCHEMA: AvroRecordSchema<PipelineRolledBack> = {
  "type": "record",
  "name": "PipelineRolledBack",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"pipelineId","type":"string"},{"name":"revision","type":"int"}],
};
