// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { RawEvent } from './RawEvent.ts';
import type { RecordRef } from './RecordRef.ts';
import type { AvroRecordSchema, JsonText } from './avro.ts';

/** dlq-events: an event the org layer could not accept, with all that is needed to try again. */
export interface RejectedEvent {
  /** e.g. SCHEMA_VALIDATION_FAILED */
  readonly code: string;
  readonly message: string;
  /** A JSON array or object. */
  readonly details: JsonText;
  readonly raw: RawEvent;
  /** The raw record. */
  readonly source: RecordRef;
  /** Record time of the raw event: processing has no clock. */
  readonly rejectedAt: number;
}

export const REJECTED_EVENT_SCHEMA: AvroRecordSchema<RejectedEvent> = {
  "type": "record",
  "name": "RejectedEvent",
  "namespace": "signal",
  "doc": "dlq-events: an event the org layer could not accept, with all that is needed to try again.",
  "fields": [
    {"name":"code","type":"string","doc":"e.g. SCHEMA_VALIDATION_FAILED"},
    {"name":"message","type":"string"},
    {
      "name": "details",
      "type": {"type":"string","logicalType":"json"},
      "doc": "A JSON array or object.",
      "default": "[]",
    },
    {
      "name": "raw",
      "type": {
        "type": "record",
        "name": "RawEvent",
        "namespace": "signal",
        "doc": "raw-events: an event as accepted by the gateway.",
        "fields": [
          {
            "name": "event",
            "type": {
              "type": "record",
              "name": "Event",
              "namespace": "signal",
              "doc": "The canonical event: every input of every kind is turned into this at the door.",
              "fields": [
                {
                  "name": "messageId",
                  "type": "string",
                  "doc": "Unique per event; the same id again is the same event again.",
                },
                {
                  "name": "type",
                  "type": {
                    "type": "enum",
                    "name": "EventType",
                    "symbols": ["track","page","screen","identify","group","alias","consent"],
                    "default": "track",
                    "namespace": "signal",
                  },
                },
                {
                  "name": "event",
                  "type": ["null","string"],
                  "doc": "Name of a track event.",
                  "default": null,
                },
                {
                  "name": "name",
                  "type": ["null","string"],
                  "doc": "Name of a page or screen.",
                  "default": null,
                },
                {"name":"anonymousId","type":"string","doc":"The visitor; never empty, opaque."},
                {"name":"userId","type":["null","string"],"default":null},
                {"name":"groupId","type":["null","string"],"default":null},
                {
                  "name": "previousId",
                  "type": ["null","string"],
                  "doc": "alias: the id that was used until now.",
                  "default": null,
                },
                {
                  "name": "properties",
                  "type": {"type":"string","logicalType":"json"},
                  "doc": "A JSON object.",
                  "default": "{}",
                },
                {
                  "name": "traits",
                  "type": {"type":"string","logicalType":"json"},
                  "doc": "A JSON object; of the user (identify) or the group (group).",
                  "default": "{}",
                },
                {
                  "name": "context",
                  "type": {
                    "type": "record",
                    "name": "Context",
                    "namespace": "signal",
                    "doc": "Where and how an event happened. Typed where Signal reads it; anything else a client sends is in `extra`.",
                    "fields": [
                      {
                        "name": "ip",
                        "type": ["null","string"],
                        "doc": "The visitor's address: what the client sent (server-side calls), else the request's.",
                        "default": null,
                      },
                      {"name":"userAgent","type":["null","string"],"default":null},
                      {"name":"locale","type":["null","string"],"default":null},
                      {"name":"timezone","type":["null","string"],"default":null},
                      {
                        "name": "page",
                        "type": [
                          "null",
                          {
                            "type": "record",
                            "name": "Page",
                            "namespace": "signal",
                            "doc": "The page an event happened on.",
                            "fields": [
                              {"name":"url","type":["null","string"],"default":null},
                              {"name":"path","type":["null","string"],"default":null},
                              {"name":"referrer","type":["null","string"],"default":null},
                              {"name":"title","type":["null","string"],"default":null},
                              {"name":"search","type":["null","string"],"default":null},
                            ],
                          },
                        ],
                        "default": null,
                      },
                      {
                        "name": "campaign",
                        "type": [
                          "null",
                          {
                            "type": "record",
                            "name": "Campaign",
                            "namespace": "signal",
                            "doc": "UTM parameters of the landing URL.",
                            "fields": [
                              {"name":"source","type":["null","string"],"default":null},
                              {"name":"medium","type":["null","string"],"default":null},
                              {"name":"name","type":["null","string"],"default":null},
                              {"name":"term","type":["null","string"],"default":null},
                              {"name":"content","type":["null","string"],"default":null},
                            ],
                          },
                        ],
                        "default": null,
                      },
                      {
                        "name": "screen",
                        "type": [
                          "null",
                          {
                            "type": "record",
                            "name": "Screen",
                            "namespace": "signal",
                            "doc": "Screen size in CSS pixels.",
                            "fields": [
                              {"name":"width","type":["null","double"],"default":null},
                              {"name":"height","type":["null","double"],"default":null},
                              {
                                "name": "density",
                                "type": ["null","double"],
                                "doc": "Device pixels per CSS pixel.",
                                "default": null,
                              },
                            ],
                          },
                        ],
                        "default": null,
                      },
                      {
                        "name": "library",
                        "type": [
                          "null",
                          {
                            "type": "record",
                            "name": "Library",
                            "namespace": "signal",
                            "doc": "What produced the event.",
                            "fields": [
                              {"name":"name","type":["null","string"],"default":null},
                              {"name":"version","type":["null","string"],"default":null},
                            ],
                          },
                        ],
                        "default": null,
                      },
                      {
                        "name": "consent",
                        "type": [
                          "null",
                          {
                            "type": "record",
                            "name": "Consent",
                            "namespace": "signal",
                            "doc": "What the visitor agreed to when the event happened.",
                            "fields": [
                              {
                                "name": "categories",
                                "type": {"type":"map","values":"boolean"},
                                "doc": "The consent platform's own category codes.",
                                "default": {},
                              },
                              {
                                "name": "canonical",
                                "type": {"type":"map","values":"boolean"},
                                "doc": "The same in the five canonical categories: essential, functional, analytics, marketing, personalization.",
                                "default": {},
                              },
                            ],
                          },
                        ],
                        "doc": "null: nothing is known of the consent.",
                        "default": null,
                      },
                      {
                        "name": "clickIds",
                        "type": {"type":"map","values":"string"},
                        "doc": "Click ids by parameter: gclid, fbclid, ttclid, epik, sccid, li_fat_id, ...",
                        "default": {},
                      },
                      {
                        "name": "vendorIds",
                        "type": {"type":"map","values":"string"},
                        "doc": "Vendors' own browser ids by cookie name without its leading underscore: ga, fbp, fbc, ttp, pin_unauth, scid, gcl_aw.",
                        "default": {},
                      },
                      {
                        "name": "extra",
                        "type": {"type":"string","logicalType":"json"},
                        "doc": "A JSON object of all other context a client sent.",
                        "default": "{}",
                      },
                    ],
                  },
                },
                {
                  "name": "timestamp",
                  "type": {"type":"long","logicalType":"timestamp-millis"},
                  "doc": "When it happened, the client's clock corrected by sentAt.",
                },
                {
                  "name": "sentAt",
                  "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
                  "default": null,
                  "doc": "When the client sent it, by the client's clock.",
                },
              ],
            },
          },
          {"name":"receivedAt","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"sourceId","type":"string"},
          {
            "name": "configVersion",
            "type": "long",
            "doc": "The config sequence the gateway had applied; everything later in the flow uses exactly this version.",
          },
        ],
      },
    },
    {
      "name": "source",
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
      "doc": "The raw record.",
    },
    {
      "name": "rejectedAt",
      "type": {"type":"long","logicalType":"timestamp-millis"},
      "doc": "Record time of the raw event: processing has no clock.",
    },
  ],
};
