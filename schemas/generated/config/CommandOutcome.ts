// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';
import type { CommandRejected } from './CommandRejected.ts';

/** config-outcomes: the answer to a command, for whoever waits for it. */
export interface CommandOutcome {
  readonly commandId: string;
  readonly accepted: boolean;
  readonly firstSequence: null | number;
  readonly lastSequence: null | number;
  readonly rejection: null | CommandRejected;
}

export const COMMAND_OUTCOME_SCHEMA: AvroRecordSchema<CommandOutcome> = {
  "type": "record",
  "name": "CommandOutcome",
  "namespace": "signal.config",
  "doc": "config-outcomes: the answer to a command, for whoever waits for it.",
  "fields": [
    {"name":"commandId","type":"string"},
    {"name":"accepted","type":"boolean"},
    {"name":"firstSequence","type":["null","long"],"default":null},
    {"name":"lastSequence","type":["null","long"],"default":null},
    {
      "name": "rejection",
      "type": [
        "null",
        {
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
        },
      ],
      "default": null,
    },
  ],
};
