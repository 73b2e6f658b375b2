// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: map with the revision that was pinned before. */
export interface RollBackPipeline {
}

export const ROLL_BACK_PIPELINE_SCHEMA: AvroRecordSchema<RollBackPipeline> = {
  "type": "record",
  "name": "RollBackPipeline",
  "namespace": "signal.config",
  "doc": "Command: map with the revision that was pinned before.",
  "fields": [],
};
