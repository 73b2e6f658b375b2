// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { DeliveryRequest } from './DeliveryRequest.ts';
import type { AvroRecordSchema } from './avro.ts';

export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

/** State store of a delivery worker: the requests that travel together in one vendor request, decided before it is first sent, so that every attempt is the same. */
export interface DeliveryBatch {
  /** UUID; the vendor sees it as the batch's own id. */
  readonly id: string;
  readonly createdAt: number;
  /** Before the first attempt has ended: where its members lie in the delivery topic, both ends inclusive. */
  readonly offsets: readonly OffsetRange[];
  /** After it: the members that wait for the next attempt. */
  readonly requests: readonly DeliveryRequest[];
  /** Requests made with these events so far. */
  readonly attempts: number;
  /** Those of them that count against the retry budget: not the ones answered by splitting the batch. */
  readonly failures: number;
  /** null: as soon as it is recorded. */
  readonly nextAttemptAt: null | number;
}

export const DELIVERY_BATCH_SCHEMA: AvroRecordSchema<DeliveryBatch> = {
  "type": "record",
  "name": "DeliveryBatch",
  "namespace": "signal",
  "doc": "State store of a delivery worker: the requests that travel together in one vendor request, decided before it is first sent, so that every attempt is the same.",
  "fields": [
    {"name":"id","type":"string","doc":"UUID; the vendor sees it as the batch's own id."},
    {"name":"createdAt","type":{"type":"long","logicalType":"timestamp-millis"}},
    {
      "name": "offsets",
      "type": {
        "type": "array",
        "items": {
          "type": "record",
          "name": "OffsetRange",
          "fields": [{"name":"first","type":"long"},{"name":"last","type":"long"}],
          "namespace": "signal",
        },
      },
      "doc": "Before the first attempt has ended: where its members lie in the delivery topic, both ends inclusive.",
      "default": [],
    },
    {
      "name": "requests",
      "type": {
        "type": "array",
        "items": {
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
      "doc": "After it: the members that wait for the next attempt.",
      "default": [],
    },
    {"name":"attempts","type":"int","doc":"Requests made with these events so far."},
    {
      "name": "failures",
      "type": "int",
      "doc": "Those of them that count against the retry budget: not the ones answered by splitting the batch.",
    },
    {
      "name": "nextAttemptAt",
      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
      "doc": "null: as soon as it is recorded.",
      "default": null,
    },
  ],
};
