// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { DeliveryRequest } from './DeliveryRequest.ts';
import type { AvroRecordSchema } from './avro.ts';

/** State store of a delivery worker: a request that waits for its next attempt. */
export interface RetryState {
  readonly request: DeliveryRequest;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly reason: null | string;
  readonly detail: null | string;
  readonly httpStatus: null | number;
}

export const RETRY_STATE_SCHEMA: AvroRecordSchema<RetryState> = {
  "type": "record",
  "name": "RetryState",
  "namespace": "signal",
  "doc": "State store of a delivery worker: a request that waits for its next attempt.",
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
    {"name":"attempts","type":"int"},
    {"name":"nextAttemptAt","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"reason","type":["null","string"],"default":null},
    {"name":"detail","type":["null","string"],"default":null},
    {"name":"httpStatus","type":["null","int"],"default":null},
  ],
};
