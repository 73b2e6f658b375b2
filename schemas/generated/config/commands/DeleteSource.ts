// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: delete a source that no pipeline uses. */
export interface DeleteSource {
}

export const DELETE_SOURCE_SCHEMA: AvroRecordSchema<DeleteSource> = {
  "type": "record",
  "name": "DeleteSource",
  "namespace": "signal.config",
  "doc": "Command: delete a source that no pipeline uses.",
  "fields": [],
};
