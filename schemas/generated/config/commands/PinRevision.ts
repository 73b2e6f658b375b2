// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Command: map with another published revision. */
export interface PinRevision {
  /** null: the latest when decided. */
  readonly revision: null | number;
}

export const PIN_REVISION_SCHEMA: AvroRecordSchema<PinRevision> = {
  "type": "record",
  "name": "PinRevision",
  "namespace": "signal.config",
  "doc": "Command: map with another published revision.",
  "fields": [{"name":"revision","type":["null","int"],"doc":"null: the latest when decided.","default":null}],
};
