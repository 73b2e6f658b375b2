// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** UTM parameters of the landing URL. */
export interface Campaign {
  readonly source: null | string;
  readonly medium: null | string;
  readonly name: null | string;
  readonly term: null | string;
  readonly content: null | string;
}

export const CAMPAIGN_SCHEMA: AvroRecordSchema<Campaign> = {
  "type": "record",
  "name": "Campaign",
  "namespace": "signal",
  "doc": "UTM parameters of the landing URL.",
  "fields": [
    {"name":"source","type":["null","string"],"default":null},
    {"name":"medium","type":["null","string"],"default":null},
    {"name":"name","type":["null","string"],"default":null},
    {"name":"term","type":["null","string"],"default":null},
    {"name":"content","type":["null","string"],"default":null},
  ],
};
