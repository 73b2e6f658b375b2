// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface SourceKeyRevoked {
  readonly sourceId: string;
  readonly pipelineKey: string;
}

export const SOURCE_KEY_REVOKED_SCHEMA: AvroRecordSchema<SourceKeyRevoked> = {
  "type": "record",
  "name": "SourceKeyRevoked",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"sourceId","type":"string"},{"name":"pipelineKey","type":"string"}],
};
