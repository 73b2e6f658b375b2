// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { RecordRef } from './RecordRef.ts';
import type { AvroRecordSchema, JsonText } from './avro.ts';

/** delivery-{integration_id}: one event mapped for one vendor, before batching and credentials. */
export interface DeliveryRequest {
  readonly messageId: string;
  readonly integrationId: string;
  readonly pipelineId: string;
  readonly sourceId: string;
  readonly anonymousId: string;
  /** Stable per event, pipeline and vendor: the same on every retry, redrive and replay. */
  readonly deduplicationId: string;
  /** The vendor's name for the event. */
  readonly vendorEvent: string;
  /** One item in the vendor's form. */
  readonly payload: JsonText;
  readonly eventTime: number;
  readonly receivedAt: number;
  /** The integration's revision that mapped it. */
  readonly revision: number;
  readonly configVersion: number;
  readonly raw: RecordRef;
  readonly enriched: RecordRef;
}

export const DELIVERY_REQUEST_SCHEMA: AvroRecordSchema<DeliveryRequest> = {
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
};
