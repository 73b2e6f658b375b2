// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface SourceKeyRotated {
  readonly sourceId: string;
  /** The new one. */
  readonly pipelineKey: string;
}

export const SOURCE_KEY_ROTATED_SCHEMA: AvroRecordSchema<SourceKeyRotated> = {
  "type": "record",
  "name": "SourceKeyRotated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"sourceId","type":"string"},{"name":"pipelineKey","type":"string","doc":"The new one."}],
};
