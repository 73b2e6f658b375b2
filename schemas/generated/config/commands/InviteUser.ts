// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: invite a person. The first one becomes the owner. */
export interface InviteUser {
  readonly email: string;
  readonly name: string;
  /** owner, admin, editor, viewer or auditor */
  readonly role: string;
  /** SHA-256 of the invitation, hex; the invitation itself is sent once and never stored. */
  readonly invitationHash: string;
  readonly invitationExpiresAt: number;
}

export const INVITE_USER_SCHEMA: AvroRecordSchema<InviteUser> = {
  "type": "record",
  "name": "InviteUser",
  "namespace": "signal.config",
  "doc": "Command: invite a person. The first one becomes the owner.",
  "fields": [
    {"name":"email","type":"string"},
    {"name":"name","type":"string"},
    {"name":"role","type":"string","doc":"owner, admin, editor, viewer or auditor"},
    {
      "name": "invitationHash",
      "type": "string",
      "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
    },
    {"name":"invitationExpiresAt","type":{"type":"long","logicalType":"timestamp-millis"}},
  ],
};
