// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: approve what was submitted. */
export interface ApproveRevision {
  readonly revision: number;
}

export const APPROVE_REVISION_SCHEMA: AvroRecordSchema<ApproveRevision> = {
  "type": "record",
  "name": "ApproveRevision",
  "namespace": "signal.config",
  "doc": "Command: approve what was submitted.",
  "fields": [{"name":"revision","type":"int"}],
};
