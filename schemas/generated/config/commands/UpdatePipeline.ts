// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: change what is given, all at once. */
export interface UpdatePipeline {
  /** null: as it is. */
  readonly enabled: null | boolean;
  /** One to pin; null: as it is. */
  readonly revision: null | number;
}

export const UPDATE_PIPELINE_SCHEMA: AvroRecordSchema<UpdatePipeline> = {
  "type": "record",
  "name": "UpdatePipeline",
  "namespace": "signal.config",
  "doc": "Command: change what is given, all at once.",
  "fields": [
    {"name":"enabled","type":["null","boolean"],"doc":"null: as it is.","default":null},
    {"name":"revision","type":["null","int"],"doc":"One to pin; null: as it is.","default":null},
  ],
};
