// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface RevisionSubmitted {
  readonly integrationId: string;
  readonly revision: number;
}

export const REVISION_SUBMITTED_SCHEMA: AvroRecordSchema<RevisionSubmitted> = {
  "type": "record",
  "name": "RevisionSubmitted",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"integrationId","type":"string"},{"name":"revision","type":"int"}],
};
