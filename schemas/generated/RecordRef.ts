// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** Where a record lies in the log. */
export interface RecordRef {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export const RECORD_REF_SCHEMA: AvroRecordSchema<RecordRef> = {
  "type": "record",
  "name": "RecordRef",
  "namespace": "signal",
  "doc": "Where a record lies in the log.",
  "fields": [
    {"name":"topic","type":"string"},
    {"name":"partition","type":"int"},
    {"name":"offset","type":"long"},
  ],
};
