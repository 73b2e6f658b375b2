// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface RevisionPinned {
  readonly pipelineId: string;
  readonly revision: number;
}

export const REVISION_PINNED_SCHEMA: AvroRecordSchema<RevisionPinned> = {
  "type": "record",
  "name": "RevisionPinned",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"pipelineId","type":"string"},{"name":"revision","type":"int"}],
};
