// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface PipelineCreated {
  readonly pipelineId: string;
  readonly sourceId: string;
  readonly integrationId: string;
  readonly revision: number;
  readonly enabled: boolean;
  readonly filter: null | string;
  readonly parameters: Readonly<Record<string, string>>;
}

export const PIPELINE_CREATED_SCHEMA: AvroRecordSchema<PipelineCreated> = {
  "type": "record",
  "name": "PipelineCreated",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [
    {"name":"pipelineId","type":"string"},
    {"name":"sourceId","type":"string"},
    {"name":"integrationId","type":"string"},
    {"name":"revision","type":"int"},
    {"name":"enabled","type":"boolean"},
    {"name":"filter","type":["null","string"],"default":null},
    {"name":"parameters","type":{"type":"map","values":"string"},"default":{}},
  ],
};
