// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: let pipelines use it. It never changes again. */
export interface PublishRevision {
  readonly revision: number;
}

export const PUBLISH_REVISION_SCHEMA: AvroRecordSchema<PublishRevision> = {
  "type": "record",
  "name": "PublishRevision",
  "namespace": "signal.config",
  "doc": "Command: let pipelines use it. It never changes again.",
  "fields": [{"name":"revision","type":"int"}],
};
