// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

/** Why a command was refused. It has no consequence for the state, and is no event. */
export interface CommandRejected {
  readonly code: string;
  readonly message: string;
  /** The field at fault. */
  readonly field: null | string;
  /** Of a VERSION_CONFLICT: the resource's version when the command was decided. */
  readonly currentVersion: null | number;
}

export const COMMAND_REJECTED_SCHEMA: AvroRecordSchema<CommandRejected> = {
  "type": "record",
  "name": "CommandRejected",
  "namespace": "signal.config",
  "doc": "Why a command was refused. It has no consequence for the state, and is no event.",
  "fields": [
    {"name":"code","type":"string"},
    {"name":"message","type":"string"},
    {"name":"field","type":["null","string"],"doc":"The field at fault.","default":null},
    {
      "name": "currentVersion",
      "type": ["null","long"],
      "doc": "Of a VERSION_CONFLICT: the resource's version when the command was decided.",
      "default": null,
    },
  ],
};
