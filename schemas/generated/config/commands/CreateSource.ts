// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: a new collection point. */
export interface CreateSource {
  readonly name: string;
  /** web, app or server */
  readonly type: string;
  /** dk_live_…, made by the caller: deciding has no randomness. */
  readonly pipelineKey: string;
}

export const CREATE_SOURCE_SCHEMA: AvroRecordSchema<CreateSource> = {
  "type": "record",
  "name": "CreateSource",
  "namespace": "signal.config",
  "doc": "Command: a new collection point.",
  "fields": [
    {"name":"name","type":"string"},
    {"name":"type","type":"string","doc":"web, app or server"},
    {
      "name": "pipelineKey",
      "type": "string",
      "doc": "dk_live_…, made by the caller: deciding has no randomness.",
    },
  ],
};
