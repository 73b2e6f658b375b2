// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface RevisionApproved {
  readonly integrationId: string;
  readonly revision: number;
  /** The person: a user, also where a token of theirs was used. */
  readonly approver: string;
}

export const REVISION_APPROVED_SCHEMA: AvroRecordSchema<RevisionApproved> = {
  "type": "record",
  "name": "RevisionApproved",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"integrationId","type":"string"},
    {"name":"revision","type":"int"},
    {
      "name": "approver",
      "type": "string",
      "doc": "The person: a user, also where a token of theirs was used.",
    },
  ],
};
