// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: change what is given. */
export interface UpdateSource {
  /** null: as it is. */
  readonly name: null | string;
  /** Requests a second; 0: the gateway's own setting; null: as it is. */
  readonly rateLimitRps: null | number;
}

export const UPDATE_SOURCE_SCHEMA: AvroRecordSchema<UpdateSource> = {
  "type": "record",
  "name": "UpdateSource",
  "namespace": "signal.config",
  "doc": "Command: change what is given.",
  "fields": [
    {"name":"name","type":["null","string"],"doc":"null: as it is.","default":null},
    {
      "name": "rateLimitRps",
      "type": ["null","int"],
      "doc": "Requests a second; 0: the gateway's own setting; null: as it is.",
      "default": null,
    },
  ],
};
