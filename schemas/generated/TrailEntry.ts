// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';

/** What one governing step did to an event, if it did anything. */
export interface TrailEntry {
  /** validate, consent, identity, ... */
  readonly step: string;
  /** What it did: changed, dropped, stripped, ... */
  readonly action: string;
  /** A code, e.g. CONSENT_DENIED. */
  readonly reason: string;
  readonly detail: null | string;
}

export const TRAIL_ENTRY_SCHEMA: AvroRecordSchema<TrailEntry> = {
  "type": "record",
  "name": "TrailEntry",
  "namespace": "signal",
  "doc": "What one governing step did to an event, if it did anything.",
  "fields": [
    {"name":"step","type":"string","doc":"validate, consent, identity, ..."},
    {"name":"action","type":"string","doc":"What it did: changed, dropped, stripped, ..."},
    {"name":"reason","type":"string","doc":"A code, e.g. CONSENT_DENIED."},
    {"name":"detail","type":["null","string"],"default":null},
  ],
};
