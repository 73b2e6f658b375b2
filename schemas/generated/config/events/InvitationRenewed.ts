// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface InvitationRenewed {
  readonly userId: string;
  readonly email: string;
  /** SHA-256 of the invitation, hex; the invitation itself is sent once and never stored. */
  readonly invitationHash: string;
  readonly invitationExpiresAt: number;
}

export const INVITATION_RENEWED_SCHEMA: AvroRecordSchema<InvitationRenewed> = {
  "type": "record",
  "name": "InvitationRenewed",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"userId","type":"string"},
    {"name":"email","type":"string"},
    {
      "name": "invitationHash",
      "type": "string",
      "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
    },
    {"name":"invitationExpiresAt","type":{"type":"long","logicalType":"timestamp-millis"}},
  ],
};
