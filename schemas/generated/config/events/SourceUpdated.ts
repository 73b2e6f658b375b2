// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event: how the source is from now on. */
export interface SourceUpdated {
  readonly sourceId: string;
  readonly name: string;
  /** Requests a second; null: the gateway's own setting. */
  readonly rateLimitRps: null | number;
}

export const SOURCE_UPDATED_SCHEMA: AvroRecordSchema<SourceUpdated> = {
  "type": "record",
  "name": "SourceUpdated",
  "namespace": "signal.config",
  "doc": "Event: how the source is from now on.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"name","type":"string"},
    {
      "name": "rateLimitRps",
      "type": ["null","int"],
      "doc": "Requests a second; null: the gateway's own setting.",
      "default": null,
    },
  ],
};
