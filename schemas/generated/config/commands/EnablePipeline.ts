// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: let events through. */
export interface EnablePipeline {
}

export const ENABLE_PIPELINE_SCHEMA: AvroRecordSchema<EnablePipeline> = {
  "type": "record",
  "name": "EnablePipeline",
  "namespace": "signal.config",
  "doc": "Command: let events through.",
  "fields": [],
};
