// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';

/** Event of no consequence to the state: a command that was refused. */
export interface CommandRejected {
  readonly code: string;
  readonly message: string;
  /** The field at fault. */
  readonly field: null | string;
}

export const COMMAND_REJECTED_SCHEMA: AvroRecordSchema<CommandRejected> = {
  "type": "record",
  "name": "CommandRejected",
  "namespace": "signal.config",
  "doc": "Event of no consequence to the state: a command that was refused.",
  "fields": [
    {"name":"code","type":"string"},
    {"name":"message","type":"string"},
    {"name":"field","type":["null","string"],"doc":"The field at fault.","default":null},
  ],
};
