// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: invite a person once more who has not accepted, perhaps at another address. What was sent before is void. */
export interface RenewInvitation {
  readonly email: string;
  /** SHA-256 of the invitation, hex; the invitation itself is sent once and never stored. */
  readonly invitationHash: string;
  readonly invitationExpiresAt: number;
}

export const RENEW_INVITATION_SCHEMA: AvroRecordSchema<RenewInvitation> = {
  "type": "record",
  "name": "RenewInvitation",
  "namespace": "signal.config",
  "doc": "Command: invite a person once more who has not accepted, perhaps at another address. What was sent before is void.",
  "fields": [
    {"name":"email","type":"string"},
    {
      "name": "invitationHash",
      "type": "string",
      "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
    },
    {"name":"invitationExpiresAt","type":{"type":"long","logicalType":"timestamp-millis"}},
  ],
};
