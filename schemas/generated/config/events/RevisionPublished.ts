// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface RevisionPublished {
  readonly integrationId: string;
  readonly revision: number;
}

export const REVISION_PUBLISHED_SCHEMA: AvroRecordSchema<RevisionPublished> = {
  "type": "record",
  "name": "RevisionPublished",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"integrationId","type":"string"},{"name":"revision","type":"int"}],
};
