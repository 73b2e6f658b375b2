// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface InvitationAccepted {
  readonly userId: string;
  /** The argon2id hash of the password, in PHC form, or that sealed; null: another party vouches for who logs in. */
  readonly passwordHash: null | string;
}

export const INVITATION_ACCEPTED_SCHEMA: AvroRecordSchema<InvitationAccepted> = {
  "type": "record",
  "name": "InvitationAccepted",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"userId","type":"string"},
    {
      "name": "passwordHash",
      "type": ["null","string"],
      "doc": "The argon2id hash of the password, in PHC form, or that sealed; null: another party vouches for who logs in.",
      "default": null,
    },
  ],
};
