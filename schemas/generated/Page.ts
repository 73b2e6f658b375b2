// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** The page an event happened on. */
export interface Page {
  readonly url: null | string;
  readonly path: null | string;
  readonly referrer: null | string;
  readonly title: null | string;
  readonly search: null | string;
}

export const PAGE_SCHEMA: AvroRecordSchema<Page> = {
  "type": "record",
  "name": "Page",
  "namespace": "signal",
  "doc": "The page an event happened on.",
  "fields": [
    {"name":"url","type":["null","string"],"default":null},
    {"name":"path","type":["null","string"],"default":null},
    {"name":"referrer","type":["null","string"],"default":null},
    {"name":"title","type":["null","string"],"default":null},
    {"name":"search","type":["null","string"],"default":null},
  ],
};
