// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { DeliveryRequest } from './DeliveryRequest.ts';
import type { DeliveryResult } from './DeliveryResult.ts';
import type { AvroRecordSchema } from './avro.ts';

/** dead-letters: a delivery that was given up, whole, so that it can be driven again. */
export interface DeadLetter {
  readonly request: DeliveryRequest;
  readonly result: DeliveryResult;
}

export const DEAD_LETTER_SCHEMA: AvroRecordSchema<DeadLetter> = {
  "type": "record",
  "name": "DeadLetter",
  "namespace": "signal",
  "doc": "dead-letters: a delivery that was given up, whole, so that it can be driven again.",
  "fields": [
    {
      "name": "request",
      "type": {
        "type": "record",
        "name": "DeliveryRequest",
        "namespace": "signal",
        "doc": "delivery-{integration_id}: one event mapped for one vendor, before batching and credentials.",
        "fields": [
          {"name":"messageId","type":"string"},
          {"name":"integrationId","type":"string"},
          {"name":"pipelineId","type":"string"},
          {"name":"sourceId","type":"string"},
          {"name":"anonymousId","type":"string"},
          {
            "name": "deduplicationId",
            "type": "string",
            "doc": "Stable per event, pipeline and vendor: the same on every retry, redrive and replay.",
          },
          {"name":"vendorEvent","type":"string","doc":"The vendor's name for the event."},
          {
            "name": "payload",
            "type": {"type":"string","logicalType":"json"},
            "doc": "One item in the vendor's form.",
          },
          {"name":"eventTime","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"receivedAt","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"revision","type":"int","doc":"The integration's revision that mapped it."},
          {"name":"configVersion","type":"long"},
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
          {"name":"enriched","type":"signal.RecordRef"},
        ],
      },
    },
    {
      "name": "result",
      "type": {
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
          {"name":"raw","type":"signal.RecordRef"},
        ],
      },
    },
  ],
};
