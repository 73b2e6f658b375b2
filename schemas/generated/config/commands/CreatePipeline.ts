// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: connect a source to an integration. */
export interface CreatePipeline {
  readonly sourceId: string;
  readonly integrationId: string;
  readonly enabled: boolean;
  /** Pin one; null: the latest when decided. */
  readonly revision: null | number;
  /** Expression an event must satisfy. */
  readonly filter: null | string;
  readonly parameters: Readonly<Record<string, string>>;
}

export const CREATE_PIPELINE_SCHEMA: AvroRecordSchema<CreatePipeline> = {
  "type": "record",
  "name": "CreatePipeline",
  "namespace": "signal.config",
  "doc": "Command: connect a source to an integration.",
  "fields": [
    {"name":"sourceId","type":"string"},
    {"name":"integrationId","type":"string"},
    {"name":"enabled","type":"boolean"},
    {
      "name": "revision",
      "type": ["null","int"],
      "doc": "Pin one; null: the latest when decided.",
      "default": null,
    },
    {
      "name": "filter",
      "type": ["null","string"],
      "doc": "Expression an event must satisfy.",
      "default": null,
    },
    {"name":"parameters","type":{"type":"map","values":"string"},"default":{}},
  ],
};
