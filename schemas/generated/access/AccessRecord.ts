// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';
import type { Actor } from '../config/Actor.ts';

/** access-log: what somebody did or tried that changed no configuration. Its sequence is its position in the topic: never compacted, never expires. */
export interface AccessRecord {
  /** auth.login, auth.login_failed, auth.token_reused, command.rejected, event.read, ... */
  readonly action: string;
  readonly time: number;
  /** null: nobody known, such as who tries to log in as a user there is not. */
  readonly actor: null | Actor;
  readonly ip: null | string;
  /** What it was about. */
  readonly resourceId: null | string;
  /** Why it was refused. */
  readonly code: null | string;
  /** For people. */
  readonly detail: null | string;
  readonly requestId: string;
}

export const ACCESS_RECORD_SCHEMA: AvroRecordSchema<AccessRecord> = {
  "type": "record",
  "name": "AccessRecord",
  "namespace": "signal.access",
  "doc": "access-log: what somebody did or tried that changed no configuration. Its sequence is its position in the topic: never compacted, never expires.",
  "fields": [
    {
      "name": "action",
      "type": "string",
      "doc": "auth.login, auth.login_failed, auth.token_reused, command.rejected, event.read, ...",
    },
    {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"}},
    {
      "name": "actor",
      "type": [
        "null",
        {
          "type": "record",
          "name": "Actor",
          "namespace": "signal.config",
          "doc": "Who did it.",
          "fields": [
            {
              "name": "kind",
              "type": {
                "type": "enum",
                "name": "ActorKind",
                "symbols": ["user","token","system"],
                "default": "system",
                "namespace": "signal.config",
              },
            },
            {"name":"id","type":"string"},
            {"name":"name","type":["null","string"],"default":null},
            {"name":"ip","type":["null","string"],"default":null},
          ],
        },
      ],
      "doc": "null: nobody known, such as who tries to log in as a user there is not.",
      "default": null,
    },
    {"name":"ip","type":["null","string"],"default":null},
    {"name":"resourceId","type":["null","string"],"doc":"What it was about.","default":null},
    {"name":"code","type":["null","string"],"doc":"Why it was refused.","default":null},
    {"name":"detail","type":["null","string"],"doc":"For people.","default":null},
    {"name":"requestId","type":"string"},
  ],
};
