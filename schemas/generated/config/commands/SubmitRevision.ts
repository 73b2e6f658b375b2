// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: ask for the approval of a draft. */
export interface SubmitRevision {
  readonly revision: number;
}

export const SUBMIT_REVISION_SCHEMA: AvroRecordSchema<SubmitRevision> = {
  "type": "record",
  "name": "SubmitRevision",
  "namespace": "signal.config",
  "doc": "Command: ask for the approval of a draft.",
  "fields": [{"name":"revision","type":"int"}],
};
