// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

export const SOURCE_TYPE_SYMBOLS = ['web', 'app', 'server', 'webhook'] as const;

export type SourceType = (typeof SOURCE_TYPE_SYMBOLS)[number];

/** Event. */
export interface SourceCreated {
  readonly sourceId: string;
  readonly name: string;
  readonly type: SourceType;
  readonly pipelineKey: string;
}

export const SOURCE_CREATED_SCHEMA: AvroRecordSchema<SourceCreated> = {
  "type": "record",
  "name": "SourceCreated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"name","type":"string"},
    {
      "name": "type",
      "type": {
        "type": "enum",
        "name": "SourceType",
        "symbols": ["web","app","server","webhook"],
        "default": "web",
        "namespace": "signal.config",
      },
    },
    {"name":"pipelineKey","type":"string"},
  ],
};
