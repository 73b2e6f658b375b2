// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: what an invited person does. */
export interface AcceptInvitation {
  /** Proves the invitation; null: whoever vouches for the address has made sure of that. */
  readonly invitationHash: null | string;
  /** The argon2id hash of the password, in PHC form, or that sealed; null: another party vouches for who logs in. */
  readonly passwordHash: null | string;
}

export const ACCEPT_INVITATION_SCHEMA: AvroRecordSchema<AcceptInvitation> = {
  "type": "record",
  "name": "AcceptInvitation",
  "namespace": "signal.config",
  "doc": "Command: what an invited person does.",
  "fields": [
    {
      "name": "invitationHash",
      "type": ["null","string"],
      "doc": "Proves the invitation; null: whoever vouches for the address has made sure of that.",
      "default": null,
    },
    {
      "name": "passwordHash",
      "type": ["null","string"],
      "doc": "The argon2id hash of the password, in PHC form, or that sealed; null: another party vouches for who logs in.",
      "default": null,
    },
  ],
};
