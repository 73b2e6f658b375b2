// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../avro.ts';
import type { Actor } from './Actor.ts';
import type { CreatePipeline } from './commands/CreatePipeline.ts';
import type { CreateSource } from './commands/CreateSource.ts';
import type { CreateToken } from './commands/CreateToken.ts';
import type { InstallIntegration } from './commands/InstallIntegration.ts';

/** config-commands: a change somebody asks for. */
export interface ConfigCommand {
  /** Unique; the same id again is the same command again. */
  readonly commandId: string;
  /** What it is about; for creations the id the new resource will have. */
  readonly resourceId: string;
  /** The resource's version the caller saw; refused if it has another now. */
  readonly expectedVersion: null | number;
  readonly time: number;
  readonly actor: Actor;
  /** Why, in the words of whoever asked. */
  readonly reason: null | string;
  readonly payload: { readonly 'signal.config.CreatePipeline': CreatePipeline } | { readonly 'signal.config.CreateSource': CreateSource } | { readonly 'signal.config.CreateToken': CreateToken } | { readonly 'signal.config.InstallIntegration': InstallIntegration };
}

export const CONFIG_COMMAND_SCHEMA: AvroRecordSchema<ConfigCommand> = {
  "type": "record",
  "name": "ConfigCommand",
  "namespace": "signal.config",
  "doc": "config-commands: a change somebody asks for.",
  "fields": [
    {
      "name": "commandId",
      "type": "string",
      "doc": "Unique; the same id again is the same command again.",
    },
    {
      "name": "resourceId",
      "type": "string",
      "doc": "What it is about; for creations the id the new resource will have.",
    },
    {
      "name": "expectedVersion",
      "type": ["null","long"],
      "doc": "The resource's version the caller saw; refused if it has another now.",
      "default": null,
    },
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
            {"name":"type","type":"string","doc":"web, app or server"},
            {
              "name": "pipelineKey",
              "type": "string",
              "doc": "dk_live_…, made by the caller: deciding has no randomness.",
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
      ],
    },
  ],
};
