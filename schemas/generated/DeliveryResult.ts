// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { RecordRef } from './RecordRef.ts';
import type { AvroRecordSchema } from './avro.ts';

export const DELIVERY_STATUS_SYMBOLS = ['delivered', 'filtered', 'retrying', 'dead'] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUS_SYMBOLS)[number];

/** delivery-results: what became of one event at one integration. The last one per (integrationId, messageId) is the outcome. */
export interface DeliveryResult {
  readonly messageId: string;
  /** Empty: the event ended before any pipeline (DUPLICATE). */
  readonly integrationId: string;
  readonly pipelineId: string;
  readonly sourceId: string;
  readonly status: DeliveryStatus;
  /** A code: CONSENT_DENIED, FILTERED, HTTP_401, ...; null when delivered. */
  readonly reason: null | string;
  /** For people: the consent category that was missing, the vendor's error text. */
  readonly detail: null | string;
  /** Requests made so far; 0 when filtered. */
  readonly attempts: number;
  readonly httpStatus: null | number;
  /** Of the last request. */
  readonly latencyMs: null | number;
  readonly nextAttemptAt: null | number;
  readonly deduplicationId: null | string;
  readonly decidedAt: number;
  readonly raw: RecordRef;
}

export const DELIVERY_RESULT_SCHEMA: AvroRecordSchema<DeliveryResult> = {
  "type": "record",
  "name": "DeliveryResult",
  "namespace": "signal",
  "doc": "delivery-results: what became of one event at one integration. The last one per (integrationId, messageId) is the outcome.",
  "fields": [
    {"name":"messageId","type":"string"},
    {
      "name": "integrationId",
      "type": "string",
      "doc": "Empty: the event ended before any pipeline (DUPLICATE).",
    },
    {"name":"pipelineId","type":"string"},
    {"name":"sourceId","type":"string"},
    {
      "name": "status",
      "type": {
        "type": "enum",
        "name": "DeliveryStatus",
        "symbols": ["delivered","filtered","retrying","dead"],
        "default": "retrying",
        "namespace": "signal",
      },
    },
    {
      "name": "reason",
      "type": ["null","string"],
      "doc": "A code: CONSENT_DENIED, FILTERED, HTTP_401, ...; null when delivered.",
      "default": null,
    },
    {
      "name": "detail",
      "type": ["null","string"],
      "doc": "For people: the consent category that was missing, the vendor's error text.",
      "default": null,
    },
    {"name":"attempts","type":"int","doc":"Requests made so far; 0 when filtered."},
    {"name":"httpStatus","type":["null","int"],"default":null},
    {"name":"latencyMs","type":["null","long"],"doc":"Of the last request.","default":null},
    {
      "name": "nextAttemptAt",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "default": null,
    },
    {"name":"deduplicationId","type":["null","string"],"default":null},
    {"name":"decidedAt","type":{"type":"long","logicalType":"timestamp-millis"}},
    {
      "name": "raw",
      "type": {
        "type": "record",
        "name": "RecordRef",
        "namespace": "signal",
        "doc": "Where a record lies in the log.",
        "fields": [
          {"name":"topic","type":"string"},
          {"name":"partition","type":"int"},
          {"name":"offset","type":"long"},
        ],
      },
    },
  ],
};
