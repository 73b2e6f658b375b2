// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** Screen size in CSS pixels. */
export interface Screen {
  readonly width: null | number;
  readonly height: null | number;
  /** Device pixels per CSS pixel. */
  readonly density: null | number;
}

export const SCREEN_SCHEMA: AvroRecordSchema<Screen> = {
  "type": "record",
  "name": "Screen",
  "namespace": "signal",
  "doc": "Screen size in CSS pixels.",
  "fields": [
    {"name":"width","type":["null","double"],"default":null},
    {"name":"height","type":["null","double"],"default":null},
    {"name":"density","type":["null","double"],"doc":"Device pixels per CSS pixel.","default":null},
  ],
};
