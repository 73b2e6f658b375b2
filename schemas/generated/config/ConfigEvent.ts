// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';
import type { Actor } from './Actor.ts';
import type { ConsentUpdated } from './events/ConsentUpdated.ts';
import type { CredentialsRotated } from './events/CredentialsRotated.ts';
import type { IntegrationDeleted } from './events/IntegrationDeleted.ts';
import type { IntegrationInstalled } from './events/IntegrationInstalled.ts';
import type { IntegrationPaused } from './events/IntegrationPaused.ts';
import type { IntegrationResumed } from './events/IntegrationResumed.ts';
import type { IntegrationUpdated } from './events/IntegrationUpdated.ts';
import type { InvitationAccepted } from './events/InvitationAccepted.ts';
import type { InvitationRenewed } from './events/InvitationRenewed.ts';
import type { PasswordChanged } from './events/PasswordChanged.ts';
import type { PipelineCreated } from './events/PipelineCreated.ts';
import type { PipelineDeleted } from './events/PipelineDeleted.ts';
import type { PipelineDisabled } from './events/PipelineDisabled.ts';
import type { PipelineEnabled } from './events/PipelineEnabled.ts';
import type { PipelineRolledBack } from './events/PipelineRolledBack.ts';
import type { RevisionApproved } from './events/RevisionApproved.ts';
import type { RevisionDrafted } from './events/RevisionDrafted.ts';
import type { RevisionPinned } from './events/RevisionPinned.ts';
import type { RevisionPublished } from './events/RevisionPublished.ts';
import type { RevisionSubmitted } from './events/RevisionSubmitted.ts';
import type { SettingsUpdated } from './events/SettingsUpdated.ts';
import type { SigningSecretAdded } from './events/SigningSecretAdded.ts';
import type { SigningSecretRevoked } from './events/SigningSecretRevoked.ts';
import type { SourceCreated } from './events/SourceCreated.ts';
import type { SourceDeleted } from './events/SourceDeleted.ts';
import type { SourceKeyRevoked } from './events/SourceKeyRevoked.ts';
import type { SourceKeyRotated } from './events/SourceKeyRotated.ts';
import type { SourceUpdated } from './events/SourceUpdated.ts';
import type { TokenCreated } from './events/TokenCreated.ts';
import type { TokenRevoked } from './events/TokenRevoked.ts';
import type { UserDisabled } from './events/UserDisabled.ts';
import type { UserEnabled } from './events/UserEnabled.ts';
import type { UserInvited } from './events/UserInvited.ts';
import type { UserRoleChanged } from './events/UserRoleChanged.ts';

/** config-events: the audit trail, and the only source of the configuration. Never compacted, never expires. */
export interface ConfigEvent {
  /** 1, 2, 3, ... without gaps; = the config version after it. */
  readonly sequence: number;
  /** The command it came from. */
  readonly commandId: string;
  readonly resourceId: string;
  /** 1 for the first event of a resource. */
  readonly resourceVersion: number;
  readonly time: number;
  readonly actor: Actor;
  /** Why, in the words of whoever asked. */
  readonly reason: null | string;
  readonly payload: { readonly 'signal.config.ConsentUpdated': ConsentUpdated } | { readonly 'signal.config.CredentialsRotated': CredentialsRotated } | { readonly 'signal.config.IntegrationDeleted': IntegrationDeleted } | { readonly 'signal.config.IntegrationInstalled': IntegrationInstalled } | { readonly 'signal.config.IntegrationPaused': IntegrationPaused } | { readonly 'signal.config.IntegrationResumed': IntegrationResumed } | { readonly 'signal.config.IntegrationUpdated': IntegrationUpdated } | { readonly 'signal.config.InvitationAccepted': InvitationAccepted } | { readonly 'signal.config.InvitationRenewed': InvitationRenewed } | { readonly 'signal.config.PasswordChanged': PasswordChanged } | { readonly 'signal.config.PipelineCreated': PipelineCreated } | { readonly 'signal.config.PipelineDeleted': PipelineDeleted } | { readonly 'signal.config.PipelineDisabled': PipelineDisabled } | { readonly 'signal.config.PipelineEnabled': PipelineEnabled } | { readonly 'signal.config.PipelineRolledBack': PipelineRolledBack } | { readonly 'signal.config.RevisionApproved': RevisionApproved } | { readonly 'signal.config.RevisionDrafted': RevisionDrafted } | { readonly 'signal.config.RevisionPinned': RevisionPinned } | { readonly 'signal.config.RevisionPublished': RevisionPublished } | { readonly 'signal.config.RevisionSubmitted': RevisionSubmitted } | { readonly 'signal.config.SettingsUpdated': SettingsUpdated } | { readonly 'signal.config.SigningSecretAdded': SigningSecretAdded } | { readonly 'signal.config.SigningSecretRevoked': SigningSecretRevoked } | { readonly 'signal.config.SourceCreated': SourceCreated } | { readonly 'signal.config.SourceDeleted': SourceDeleted } | { readonly 'signal.config.SourceKeyRevoked': SourceKeyRevoked } | { readonly 'signal.config.SourceKeyRotated': SourceKeyRotated } | { readonly 'signal.config.SourceUpdated': SourceUpdated } | { readonly 'signal.config.TokenCreated': TokenCreated } | { readonly 'signal.config.TokenRevoked': TokenRevoked } | { readonly 'signal.config.UserDisabled': UserDisabled } | { readonly 'signal.config.UserEnabled': UserEnabled } | { readonly 'signal.config.UserInvited': UserInvited } | { readonly 'signal.config.UserRoleChanged': UserRoleChanged };
}

export const CONFIG_EVENT_SCHEMA: AvroRecordSchema<ConfigEvent> = {
  "type": "record",
  "name": "ConfigEvent",
  "namespace": "signal.config",
  "doc": "config-events: the audit trail, and the only source of the configuration. Never compacted, never expires.",
  "fields": [
    {
      "name": "sequence",
      "type": "long",
      "doc": "1, 2, 3, ... without gaps; = the config version after it.",
    },
    {"name":"commandId","type":"string","doc":"The command it came from."},
    {"name":"resourceId","type":"string"},
    {"name":"resourceVersion","type":"long","doc":"1 for the first event of a resource."},
    {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"}},
    {
      "name": "actor",
      "type": {
        "type": "record",
        "name": "Actor",
        "namespace": "signal.config",
        "doc": "Who did it.",
        "fields": [
          {
            "name": "kind",
            "type": {
              "type": "enum",
              "name": "ActorKind",
              "symbols": ["user","token","system"],
              "default": "system",
              "namespace": "signal.config",
            },
          },
          {"name":"id","type":"string"},
          {"name":"name","type":["null","string"],"default":null},
          {"name":"ip","type":["null","string"],"default":null},
        ],
      },
    },
    {
      "name": "reason",
      "type": ["null","string"],
      "doc": "Why, in the words of whoever asked.",
      "default": null,
    },
    {
      "name": "payload",
      "type": [
        {
          "type": "record",
          "name": "ConsentUpdated",
          "namespace": "signal.config",
          "doc": "Event: how consent is read from now on.",
          "fields": [
            {
              "name": "categories",
              "type": {"type":"map","values":"string"},
              "doc": "Canonical categories by a consent platform's codes.",
            },
            {
              "name": "defaultPolicy",
              "type": "string",
              "doc": "allow, strip or drop: what becomes of an event of whose visitor's consent nothing is known.",
            },
          ],
        },
        {
          "type": "record",
          "name": "CredentialsRotated",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"integrationId","type":"string"},
            {"name":"secrets","type":{"type":"map","values":"string"}},
            {"name":"fingerprints","type":{"type":"map","values":"string"}},
          ],
        },
        {
          "type": "record",
          "name": "IntegrationDeleted",
          "namespace": "signal.config",
          "doc": "Event: its secrets are to be destroyed.",
          "fields": [{"name":"integrationId","type":"string"}],
        },
        {
          "type": "record",
          "name": "IntegrationInstalled",
          "namespace": "signal.config",
          "doc": "Event: with its first revision, 1.",
          "fields": [
            {"name":"integrationId","type":"string"},
            {"name":"name","type":"string"},
            {"name":"vendor","type":"string"},
            {"name":"variant","type":"string"},
            {"name":"settings","type":{"type":"string","logicalType":"json"}},
            {"name":"secrets","type":{"type":"map","values":"string"}},
            {"name":"fingerprints","type":{"type":"map","values":"string"},"default":{}},
            {"name":"consentCategories","type":{"type":"array","items":"string"}},
          ],
        },
        {
          "type": "record",
          "name": "IntegrationPaused",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"integrationId","type":"string"}],
        },
        {
          "type": "record",
          "name": "IntegrationResumed",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"integrationId","type":"string"}],
        },
        {
          "type": "record",
          "name": "IntegrationUpdated",
          "namespace": "signal.config",
          "doc": "Event: how the integration is from now on.",
          "fields": [
            {"name":"integrationId","type":"string"},
            {"name":"name","type":"string"},
            {"name":"consentCategories","type":{"type":"array","items":"string"}},
          ],
        },
        {
          "type": "record",
          "name": "InvitationAccepted",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"userId","type":"string"},
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
          "name": "InvitationRenewed",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"userId","type":"string"},
            {"name":"email","type":"string"},
            {
              "name": "invitationHash",
              "type": "string",
              "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
            },
            {"name":"invitationExpiresAt","type":{"type":"long","logicalType":"timestamp-millis"}},
          ],
        },
        {
          "type": "record",
          "name": "PasswordChanged",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"userId","type":"string"},
            {
              "name": "passwordHash",
              "type": "string",
              "doc": "The argon2id hash in PHC form, or that sealed.",
            },
          ],
        },
        {
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
        },
        {
          "type": "record",
          "name": "PipelineDeleted",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"pipelineId","type":"string"}],
        },
        {
          "type": "record",
          "name": "PipelineDisabled",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"pipelineId","type":"string"}],
        },
        {
          "type": "record",
          "name": "PipelineEnabled",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"pipelineId","type":"string"}],
        },
        {
          "type": "record",
          "name": "PipelineRolledBack",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"pipelineId","type":"string"},{"name":"revision","type":"int"}],
        },
        {
          "type": "record",
          "name": "RevisionApproved",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"integrationId","type":"string"},
            {"name":"revision","type":"int"},
            {
              "name": "approver",
              "type": "string",
              "doc": "The person: a user, also where a token of theirs was used.",
            },
          ],
        },
        {
          "type": "record",
          "name": "RevisionDrafted",
          "namespace": "signal.config",
          "doc": "Event: a new revision, or another text of one that was drafted.",
          "fields": [
            {"name":"integrationId","type":"string"},
            {"name":"revision","type":"int"},
            {"name":"variant","type":"string"},
            {"name":"settings","type":{"type":"string","logicalType":"json"}},
            {
              "name": "summary",
              "type": ["null","string"],
              "doc": "What changed, in the words of whoever drafted it.",
              "default": null,
            },
            {
              "name": "author",
              "type": "string",
              "doc": "The person: a user, also where a token of theirs was used.",
            },
          ],
        },
        {
          "type": "record",
          "name": "RevisionPinned",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"pipelineId","type":"string"},{"name":"revision","type":"int"}],
        },
        {
          "type": "record",
          "name": "RevisionPublished",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"integrationId","type":"string"},{"name":"revision","type":"int"}],
        },
        {
          "type": "record",
          "name": "RevisionSubmitted",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"integrationId","type":"string"},{"name":"revision","type":"int"}],
        },
        {
          "type": "record",
          "name": "SettingsUpdated",
          "namespace": "signal.config",
          "doc": "Event: how the settings of the organisation are from now on.",
          "fields": [
            {"name":"changeReasonRequired","type":"boolean","doc":"Every change says why."},
            {
              "name": "approvalRequired",
              "type": "boolean",
              "doc": "A revision is published once a second person approved it.",
            },
            {"name":"requestsPerMinute","type":"int","doc":"Of a caller at the management API."},
            {
              "name": "deduplicationHours",
              "type": "int",
              "doc": "How long a message that comes again is the same message; 0: never.",
              "default": 24,
            },
          ],
        },
        {
          "type": "record",
          "name": "SigningSecretAdded",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"sourceId","type":"string"},
            {"name":"secret","type":"string","doc":"Sealed."},
            {"name":"fingerprint","type":"string"},
          ],
        },
        {
          "type": "record",
          "name": "SigningSecretRevoked",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"sourceId","type":"string"},{"name":"fingerprint","type":"string"}],
        },
        {
          "type": "record",
          "name": "SourceCreated",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"sourceId","type":"string"},
            {"name":"name","type":"string"},
            {
              "name": "type",
              "type": {
                "type": "enum",
                "name": "SourceType",
                "symbols": ["web","app","server","webhook"],
                "default": "web",
                "namespace": "signal.config",
              },
            },
            {"name":"pipelineKey","type":"string"},
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
                    {"name":"provider","type":"string","doc":"stripe, shopify, hubspot or custom"},
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
                                  {"name":"store","type":"string","doc":"cookie or local_storage"},
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
          "name": "SourceDeleted",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"sourceId","type":"string"}],
        },
        {
          "type": "record",
          "name": "SourceKeyRevoked",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"sourceId","type":"string"},{"name":"pipelineKey","type":"string"}],
        },
        {
          "type": "record",
          "name": "SourceKeyRotated",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"sourceId","type":"string"},
            {"name":"pipelineKey","type":"string","doc":"The new one."},
          ],
        },
        {
          "type": "record",
          "name": "SourceUpdated",
          "namespace": "signal.config",
          "doc": "Event: how the source is from now on.",
          "fields": [
            {"name":"sourceId","type":"string"},
            {"name":"name","type":"string"},
            {
              "name": "rateLimitRps",
              "type": ["null","int"],
              "doc": "Requests a second; null: the gateway's own setting.",
              "default": null,
            },
            {
              "name": "allowedOrigins",
              "type": ["null",{"type":"array","items":"string"}],
              "doc": "null, here and below: as before, in events that were written before there were such settings.",
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
              "doc": "null also of a source that has none.",
              "default": null,
            },
            {"name":"collector","type":["null","signal.config.CollectorSettings"],"default":null},
          ],
        },
        {
          "type": "record",
          "name": "TokenCreated",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"tokenId","type":"string"},
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
          "name": "TokenRevoked",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"tokenId","type":"string"}],
        },
        {
          "type": "record",
          "name": "UserDisabled",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"userId","type":"string"}],
        },
        {
          "type": "record",
          "name": "UserEnabled",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"userId","type":"string"}],
        },
        {
          "type": "record",
          "name": "UserInvited",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [
            {"name":"userId","type":"string"},
            {"name":"email","type":"string"},
            {"name":"name","type":"string"},
            {"name":"role","type":"string"},
            {
              "name": "invitationHash",
              "type": "string",
              "doc": "SHA-256 of the invitation, hex; the invitation itself is sent once and never stored.",
            },
            {"name":"invitationExpiresAt","type":{"type":"long","logicalType":"timestamp-millis"}},
          ],
        },
        {
          "type": "record",
          "name": "UserRoleChanged",
          "namespace": "signal.config",
          "doc": "Event.",
          "fields": [{"name":"userId","type":"string"},{"name":"role","type":"string"}],
        },
      ],
    },
  ],
};
