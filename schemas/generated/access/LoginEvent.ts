// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

export const LOGIN_EVENT_KIND_SYMBOLS = ['attempted', 'started', 'refreshed', 'ended', 'revoked'] as const;

export type LoginEventKind = (typeof LOGIN_EVENT_KIND_SYMBOLS)[number];

/** logins: what decides who is logged in and who is locked out. Holds no password and no token, nor anything one could be made from. */
export interface LoginEvent {
  /** attempted: somebody is about to try a password. started, refreshed, ended: a session. revoked: all sessions of a user. */
  readonly kind: LoginEventKind;
  /** attempted, started: keyed hash of the email address that was given, whether or not there is such a user. */
  readonly account: null | string;
  /** started, revoked */
  readonly userId: null | string;
  /** started, refreshed, ended */
  readonly sessionId: null | string;
  /** refreshed: of the refresh token it gives out; the first has 0. */
  readonly generation: number;
  readonly time: number;
}

export const LOGIN_EVENT_SCHEMA: AvroRecordSchema<LoginEvent> = {
  "type": "record",
  "name": "LoginEvent",
  "namespace": "signal.access",
  "doc": "logins: what decides who is logged in and who is locked out. Holds no password and no token, nor anything one could be made from.",
  "fields": [
    {
      "name": "kind",
      "type": {
        "type": "enum",
        "name": "LoginEventKind",
        "symbols": ["attempted","started","refreshed","ended","revoked"],
        "namespace": "signal.access",
      },
      "doc": "attempted: somebody is about to try a password. started, refreshed, ended: a session. revoked: all sessions of a user.",
    },
    {
      "name": "account",
      "type": ["null","string"],
      "doc": "attempted, started: keyed hash of the email address that was given, whether or not there is such a user.",
      "default": null,
    },
    {"name":"userId","type":["null","string"],"doc":"started, revoked","default":null},
    {"name":"sessionId","type":["null","string"],"doc":"started, refreshed, ended","default":null},
    {
      "name": "generation",
      "type": "int",
      "doc": "refreshed: of the refresh token it gives out; the first has 0.",
      "default": 0,
    },
    {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"}},
  ],
};
