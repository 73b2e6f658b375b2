// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: delete a pipeline. */
export interface DeletePipeline {
}

export const DELETE_PIPELINE_SCHEMA: AvroRecordSchema<DeletePipeline> = {
  "type": "record",
  "name": "DeletePipeline",
  "namespace": "signal.config",
  "doc": "Command: delete a pipeline.",
  "fields": [],
};
