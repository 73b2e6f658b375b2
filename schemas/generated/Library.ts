// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** What produced the event. */
export interface Library {
  readonly name: null | string;
  readonly version: null | string;
}

export const LIBRARY_SCHEMA: AvroRecordSchema<Library> = {
  "type": "record",
  "name": "Library",
  "namespace": "signal",
  "doc": "What produced the event.",
  "fields": [
    {"name":"name","type":["null","string"],"default":null},
    {"name":"version","type":["null","string"],"default":null},
  ],
};
