// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface SourceDeleted {
  readonly sourceId: string;
}

export const SOURCE_DELETED_SCHEMA: AvroRecordSchema<SourceDeleted> = {
  "type": "record",
  "name": "SourceDeleted",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"sourceId","type":"string"}],
};
