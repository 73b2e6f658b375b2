// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

export const ACTOR_KIND_SYMBOLS = ['user', 'token', 'system'] as const;

export type ActorKind = (typeof ACTOR_KIND_SYMBOLS)[number];

/** Who did it. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
  readonly name: null | string;
  readonly ip: null | string;
}

export const ACTOR_SCHEMA: AvroRecordSchema<Actor> = {
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
};
