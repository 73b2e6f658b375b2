// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';
import type { Change } from '../Change.ts';

/** Command: several others, decided in turn as one: all of their events are written, or none. */
export interface ApplyChanges {
  /** Sequence of the last event that whoever composed it knew; refused if there is a later one. */
  readonly configVersion: null | number;
  readonly changes: readonly Change[];
}

export const APPLY_CHANGES_SCHEMA: AvroRecordSchema<ApplyChanges> = {
  "type": "record",
  "name": "ApplyChanges",
  "namespace": "signal.config",
  "doc": "Command: several others, decided in turn as one: all of their events are written, or none.",
  "fields": [
    {
      "name": "configVersion",
      "type": ["null","long"],
      "doc": "Sequence of the last event that whoever composed it knew; refused if there is a later one.",
      "default": null,
    },
    {
      "name": "changes",
      "type": {
        "type": "array",
        "items": {
          "type": "record",
          "name": "Change",
          "namespace": "signal.config",
          "doc": "One command of several. Time, actor and reason are those of the whole.",
          "fields": [
            {
              "name": "path",
              "type": "string",
              "doc": "Where it was asked for, such as pipelines[2]: what a refusal names.",
            },
            {"name":"resourceId","type":"string"},
            {
              "name": "payload",
              "type": [
                {
                  "type": "record",
                  "name": "AcceptInvitation",
                  "namespace": "signal.config",
                  "doc": "Command: what an invited person does.",
                  "fields": [
                    {
                      "name": "invitationHash",
                      "type": ["null","string"],
                      "doc": "Proves the invitation; null: whoever vouches for the address has made sure of that.",
                      "default": null,
                    },
                    {
                      "name": "passwordHash",
                      "type": ["null","string"],
                      "doc": "The argon2id hash of the password, in PHC form, or that sealed; null: another party vouches for who logs in.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "AddSigningSecret",
                  "namespace": "signal.config",
                  "doc": "Command: a signing secret, beside the one there may be until that is revoked.",
                  "fields": [
                    {
                      "name": "secret",
                      "type": "string",
                      "doc": "Sealed: deciding has no randomness, and no log holds a secret.",
                    },
                    {"name":"fingerprint","type":"string"},
                  ],
                },
                "signal.config.ApplyChanges",
                {
                  "type": "record",
                  "name": "ApproveRevision",
                  "namespace": "signal.config",
                  "doc": "Command: approve what was submitted.",
                  "fields": [{"name":"revision","type":"int"}],
                },
                {
                  "type": "record",
                  "name": "ChangePassword",
                  "namespace": "signal.config",
                  "doc": "Command: a new password.",
                  "fields": [
                    {
                      "name": "passwordHash",
                      "type": "string",
                      "doc": "The argon2id hash in PHC form, or that sealed.",
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "ChangeUserRole",
                  "namespace": "signal.config",
                  "doc": "Command: another role. Making somebody the owner makes the owner an admin.",
                  "fields": [{"name":"role","type":"string","doc":"owner, admin, editor, viewer or auditor"}],
                },
                {
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
                },
                {
                  "type": "record",
                  "name": "CreateSource",
                  "namespace": "signal.config",
                  "doc": "Command: a new collection point.",
                  "fields": [
                    {"name":"name","type":"string"},
                    {"name":"type","type":"string","doc":"web, app, server or webhook"},
                    {
                      "name": "pipelineKey",
                      "type": "string",
                      "doc": "dk_live_…, made by the caller: deciding has no randomness.",
                    },
                    {
                      "name": "allowedOrigins",
                      "type": {"type":"array","items":"string"},
                      "doc": "Whose pages may send; none: as the gateway is set.",
                      "default": [],
                    },
                    {
                      "name": "truncateIp",
                      "type": "boolean",
                      "doc": "The last part of the visitor's address is dropped at the door.",
                      "default": false,
                    },
                    {
                      "name": "requireSignature",
                      "type": "boolean",
                      "doc": "Server calls must be signed.",
                      "default": false,
                    },
                    {
                      "name": "vendorCookies",
                      "type": {"type":"array","items":"string"},
                      "doc": "Cookies to make where the browser has none.",
                      "default": [],
                    },
                    {
                      "name": "webhook",
                      "type": [
                        "null",
                        {
                          "type": "record",
                          "name": "WebhookSettings",
                          "namespace": "signal.config",
                          "doc": "How another company's calls become events.",
                          "fields": [
                            {
                              "name": "provider",
                              "type": "string",
                              "doc": "stripe, shopify, hubspot or custom",
                            },
                            {
                              "name": "signatureHeader",
                              "type": ["null","string"],
                              "doc": "Of custom: the header with the body's HMAC-SHA256; null: the calls are not signed.",
                              "default": null,
                            },
                            {
                              "name": "eventTypePath",
                              "type": ["null","string"],
                              "doc": "JSONPath; null: the provider's usual place.",
                              "default": null,
                            },
                            {
                              "name": "mappings",
                              "type": {"type":"map","values":"string"},
                              "doc": "Canonical path (event, userId, properties.total) to JSONPath.",
                              "default": {},
                            },
                          ],
                        },
                      ],
                      "doc": "Of a source of type webhook, and of no other.",
                      "default": null,
                    },
                    {
                      "name": "collector",
                      "type": {
                        "type": "record",
                        "name": "CollectorSettings",
                        "namespace": "signal.config",
                        "doc": "How a source's datafly.js is built.",
                        "fields": [
                          {
                            "name": "scriptFilename",
                            "type": ["null","string"],
                            "doc": "shop: the script is at /shop.js; null: at /d.js only.",
                            "default": null,
                          },
                          {
                            "name": "batchSize",
                            "type": "int",
                            "doc": "Events in one request at most.",
                            "default": 10,
                          },
                          {
                            "name": "flushInterval",
                            "type": "int",
                            "doc": "Milliseconds that an event waits for others.",
                            "default": 1000,
                          },
                          {
                            "name": "modules",
                            "type": {"type":"array","items":"string"},
                            "doc": "outbound_links, downloads, forms, scroll, clicks, web_vitals, errors, video, tags, cross_domain",
                            "default": [],
                          },
                          {
                            "name": "consent",
                            "type": [
                              "null",
                              {
                                "type": "record",
                                "name": "ConsentReader",
                                "namespace": "signal.config",
                                "doc": "Where a page keeps the visitor's consent.",
                                "fields": [
                                  {
                                    "name": "platform",
                                    "type": "string",
                                    "doc": "onetrust, cookiebot, didomi, osano, tcf, google or custom",
                                  },
                                  {
                                    "name": "queueUntilKnown",
                                    "type": "boolean",
                                    "doc": "Nothing is sent before the visitor has chosen.",
                                    "default": false,
                                  },
                                  {
                                    "name": "custom",
                                    "type": [
                                      "null",
                                      {
                                        "type": "record",
                                        "name": "CustomConsent",
                                        "fields": [
                                          {
                                            "name": "store",
                                            "type": "string",
                                            "doc": "cookie or local_storage",
                                          },
                                          {
                                            "name": "name",
                                            "type": "string",
                                            "doc": "Of the cookie, or the key in localStorage.",
                                          },
                                          {
                                            "name": "format",
                                            "type": "string",
                                            "doc": "json, comma, url or semicolon",
                                          },
                                          {
                                            "name": "rules",
                                            "type": {
                                              "type": "map",
                                              "values": {
                                                "type": "record",
                                                "name": "ConsentRule",
                                                "fields": [
                                                  {"name":"field","type":"string"},
                                                  {
                                                    "name": "granted",
                                                    "type": "string",
                                                    "doc": "The field's value that grants.",
                                                  },
                                                ],
                                                "namespace": "signal.config",
                                              },
                                            },
                                            "doc": "By category.",
                                            "default": {},
                                          },
                                        ],
                                        "namespace": "signal.config",
                                      },
                                    ],
                                    "doc": "Of the platform custom.",
                                    "default": null,
                                  },
                                ],
                              },
                            ],
                            "doc": "null: consent is what the page says by setConsent.",
                            "default": null,
                          },
                          {
                            "name": "linkedDomains",
                            "type": {"type":"array","items":"string"},
                            "doc": "Hostnames whose links carry the visitor along.",
                            "default": [],
                          },
                        ],
                      },
                      "doc": "How its datafly.js is built.",
                      "default": {
                        "scriptFilename": null,
                        "batchSize": 10,
                        "flushInterval": 1000,
                        "modules": [],
                        "consent": null,
                        "linkedDomains": [],
                      },
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "CreateToken",
                  "namespace": "signal.config",
                  "doc": "Command: a new API token.",
                  "fields": [
                    {"name":"name","type":"string"},
                    {
                      "name": "tokenHash",
                      "type": "string",
                      "doc": "SHA-256 of the token, hex; the token itself is shown once and never stored.",
                    },
                    {"name":"scopes","type":{"type":"array","items":"string"},"doc":"e.g. admin"},
                    {
                      "name": "expiresAt",
                      "type": ["null",{"type":"long","logicalType":"timestamp-millis"}],
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "DeleteIntegration",
                  "namespace": "signal.config",
                  "doc": "Command: delete an integration that no pipeline uses.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "DeletePipeline",
                  "namespace": "signal.config",
                  "doc": "Command: delete a pipeline.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "DeleteSource",
                  "namespace": "signal.config",
                  "doc": "Command: delete a source that no pipeline uses.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "DisablePipeline",
                  "namespace": "signal.config",
                  "doc": "Command: let no events through.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "DisableUser",
                  "namespace": "signal.config",
                  "doc": "Command: no more logins.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "DraftRevision",
                  "namespace": "signal.config",
                  "doc": "Command: draft a new revision, or draft one again that is not published.",
                  "fields": [
                    {
                      "name": "revision",
                      "type": ["null","int"],
                      "doc": "null: a new one.",
                      "default": null,
                    },
                    {"name":"variant","type":"string"},
                    {
                      "name": "settings",
                      "type": {"type":"string","logicalType":"json"},
                      "doc": "A JSON object of all non-secret settings.",
                    },
                    {
                      "name": "summary",
                      "type": ["null","string"],
                      "doc": "What changed, in the words of whoever drafted it.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "EnablePipeline",
                  "namespace": "signal.config",
                  "doc": "Command: let events through.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "EnableUser",
                  "namespace": "signal.config",
                  "doc": "Command: logins again.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "InstallIntegration",
                  "namespace": "signal.config",
                  "doc": "Command: install a vendor of the catalog.",
                  "fields": [
                    {"name":"name","type":"string"},
                    {"name":"vendor","type":"string","doc":"Key in the catalog."},
                    {"name":"variant","type":"string"},
                    {
                      "name": "settings",
                      "type": {"type":"string","logicalType":"json"},
                      "doc": "A JSON object of the non-secret settings.",
                    },
                    {
                      "name": "secrets",
                      "type": {"type":"map","values":"string"},
                      "doc": "Sealed secrets by setting key.",
                    },
                    {
                      "name": "fingerprints",
                      "type": {"type":"map","values":"string"},
                      "doc": "What may be shown of each secret.",
                      "default": {},
                    },
                    {"name":"consentCategories","type":{"type":"array","items":"string"}},
                  ],
                },
                {
                  "type": "record",
                  "name": "InviteUser",
                  "namespace": "signal.config",
                  "doc": "Command: invite a person. The first one becomes the owner.",
                  "fields": [
                    {"name":"email","type":"string"},
                    {"name":"name","type":"string"},
                    {"name":"role","type":"string","doc":"owner, admin, editor, viewer or auditor"},
                    {
                      "name": "invitationHash",
                      "type": "string",
                      "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
                    },
                    {
                      "name": "invitationExpiresAt",
                      "type": {"type":"long","logicalType":"timestamp-millis"},
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "PauseIntegration",
                  "namespace": "signal.config",
                  "doc": "Command: deliver nothing for now; what there is to deliver waits.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "PinRevision",
                  "namespace": "signal.config",
                  "doc": "Command: map with another published revision.",
                  "fields": [
                    {
                      "name": "revision",
                      "type": ["null","int"],
                      "doc": "null: the latest when decided.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "PublishRevision",
                  "namespace": "signal.config",
                  "doc": "Command: let pipelines use it. It never changes again.",
                  "fields": [{"name":"revision","type":"int"}],
                },
                {
                  "type": "record",
                  "name": "RenewInvitation",
                  "namespace": "signal.config",
                  "doc": "Command: invite a person once more who has not accepted, perhaps at another address. What was sent before is void.",
                  "fields": [
                    {"name":"email","type":"string"},
                    {
                      "name": "invitationHash",
                      "type": "string",
                      "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
                    },
                    {
                      "name": "invitationExpiresAt",
                      "type": {"type":"long","logicalType":"timestamp-millis"},
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "ResumeIntegration",
                  "namespace": "signal.config",
                  "doc": "Command: deliver again.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "RevokeSigningSecret",
                  "namespace": "signal.config",
                  "doc": "Command: a signing secret is worthless from now on, and destroyed.",
                  "fields": [{"name":"fingerprint","type":"string"}],
                },
                {
                  "type": "record",
                  "name": "RevokeSourceKey",
                  "namespace": "signal.config",
                  "doc": "Command: one of two pipeline keys is worthless from now on.",
                  "fields": [{"name":"pipelineKey","type":"string"}],
                },
                {
                  "type": "record",
                  "name": "RevokeToken",
                  "namespace": "signal.config",
                  "doc": "Command: the token is worthless from now on.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "RollBackPipeline",
                  "namespace": "signal.config",
                  "doc": "Command: map with the revision that was pinned before.",
                  "fields": [],
                },
                {
                  "type": "record",
                  "name": "RotateCredentials",
                  "namespace": "signal.config",
                  "doc": "Command: other values for secrets; those not named stay.",
                  "fields": [
                    {
                      "name": "secrets",
                      "type": {"type":"map","values":"string"},
                      "doc": "Sealed secrets by setting key.",
                    },
                    {
                      "name": "fingerprints",
                      "type": {"type":"map","values":"string"},
                      "doc": "What may be shown of each secret.",
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "RotateSourceKey",
                  "namespace": "signal.config",
                  "doc": "Command: a new pipeline key beside the one there is, until that is revoked.",
                  "fields": [
                    {
                      "name": "pipelineKey",
                      "type": "string",
                      "doc": "dk_live_…, made by the caller: deciding has no randomness.",
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "SubmitRevision",
                  "namespace": "signal.config",
                  "doc": "Command: ask for the approval of a draft.",
                  "fields": [{"name":"revision","type":"int"}],
                },
                {
                  "type": "record",
                  "name": "UpdateConsent",
                  "namespace": "signal.config",
                  "doc": "Command: change what is given.",
                  "fields": [
                    {
                      "name": "categories",
                      "type": ["null",{"type":"map","values":"string"}],
                      "doc": "Canonical categories by a consent platform's codes, all of them; null: as they are.",
                      "default": null,
                    },
                    {
                      "name": "defaultPolicy",
                      "type": ["null","string"],
                      "doc": "allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known. null: as it is.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "UpdateIntegration",
                  "namespace": "signal.config",
                  "doc": "Command: change what is given. A variant or settings become a draft of a new revision.",
                  "fields": [
                    {"name":"name","type":["null","string"],"doc":"null: as it is.","default":null},
                    {
                      "name": "consentCategories",
                      "type": ["null",{"type":"array","items":"string"}],
                      "doc": "null: as they are.",
                      "default": null,
                    },
                    {
                      "name": "variant",
                      "type": ["null","string"],
                      "doc": "null: the latest revision's.",
                      "default": null,
                    },
                    {
                      "name": "settings",
                      "type": ["null",{"type":"string","logicalType":"json"}],
                      "doc": "A JSON object, of all non-secret settings; null: the latest revision's.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "UpdatePipeline",
                  "namespace": "signal.config",
                  "doc": "Command: change what is given, all at once.",
                  "fields": [
                    {
                      "name": "enabled",
                      "type": ["null","boolean"],
                      "doc": "null: as it is.",
                      "default": null,
                    },
                    {
                      "name": "revision",
                      "type": ["null","int"],
                      "doc": "One to pin; null: as it is.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "UpdateSettings",
                  "namespace": "signal.config",
                  "doc": "Command: change what is given.",
                  "fields": [
                    {"name":"changeReasonRequired","type":["null","boolean"],"default":null},
                    {"name":"approvalRequired","type":["null","boolean"],"default":null},
                    {"name":"requestsPerMinute","type":["null","int"],"default":null},
                    {
                      "name": "deduplicationHours",
                      "type": ["null","int"],
                      "doc": "null: as it is.",
                      "default": null,
                    },
                  ],
                },
                {
                  "type": "record",
                  "name": "UpdateSource",
                  "namespace": "signal.config",
                  "doc": "Command: change what is given.",
                  "fields": [
                    {"name":"name","type":["null","string"],"doc":"null: as it is.","default":null},
                    {
                      "name": "rateLimitRps",
                      "type": ["null","int"],
                      "doc": "Requests a second; 0: the gateway's own setting; null: as it is.",
                      "default": null,
                    },
                    {
                      "name": "allowedOrigins",
                      "type": ["null",{"type":"array","items":"string"}],
                      "doc": "null: as they are; so with all below.",
                      "default": null,
                    },
                    {"name":"truncateIp","type":["null","boolean"],"default":null},
                    {"name":"requireSignature","type":["null","boolean"],"default":null},
                    {
                      "name": "vendorCookies",
                      "type": ["null",{"type":"array","items":"string"}],
                      "default": null,
                    },
                    {
                      "name": "webhook",
                      "type": ["null","signal.config.WebhookSettings"],
                      "doc": "All of it.",
                      "default": null,
                    },
                    {
                      "name": "collector",
                      "type": ["null","signal.config.CollectorSettings"],
                      "doc": "All of it.",
                      "default": null,
                    },
                  ],
                },
              ],
            },
          ],
        },
      },
    },
  ],
};
