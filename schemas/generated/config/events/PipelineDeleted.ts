// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PipelineDeleted {
  readonly pipelineId: string;
}

export const PIPELINE_DELETED_SCHEMA: AvroRecordSchema<PipelineDeleted> = {
  "type": "record",
  "name": "PipelineDeleted",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"pipelineId","type":"string"}],
};
