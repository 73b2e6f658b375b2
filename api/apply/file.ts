import { type Static, Type } from '@sinclair/typebox';
import { ConsentChanges } from '../routes/consent.ts';
import { ConfigField, IntegrationBody, SecretField } from '../routes/integrations.ts';
import { PipelineBody, RevisionField } from '../routes/pipelines.ts';
import { SettingsChanges } from '../routes/settings.ts';
import { NameField } from '../routes/shared.ts';
import { GivenSecret } from '../routes/signing-secrets.ts';
import { SourceBody, SourceChanges } from '../routes/sources.ts';

const closed = { additionalProperties: false } as const;

/** Of each kind; how much can be changed at once is for the configuration to say. */
const MAX_ENTRIES = 1000;

const list = <T extends Parameters<typeof Type.Array>[0]>(entry: T, description: string) =>
  Type.Optional(Type.Array(entry, { maxItems: MAX_ENTRIES, description }));

const KnownSecret = Type.Object({ fingerprint: Type.String({ minLength: 1, maxLength: 100 }) }, closed);

/** What its creation and its changes take, and what its calls are signed with. */
export const SourceEntry = Type.Object(
  {
    ...SourceChanges.properties,
    ...SourceBody.properties,
    signing_secrets: Type.Optional(
      Type.Array(
        Type.Union([GivenSecret.properties.secret, KnownSecret], {
          errorMessage:
            'Expected 16 to 200 characters without blanks, or {fingerprint} of the secret that is there',
        }),
        {
          maxItems: 2,
          description:
            'All that count, newest first, in clear or by the fingerprint of the one that is there; others are revoked',
        },
      ),
    ),
  },
  closed,
);

export const IntegrationEntry = Type.Object(
  {
    name: IntegrationBody.properties.name,
    vendor: IntegrationBody.properties.vendor,
    variant: IntegrationBody.properties.variant,
    settings: Type.Optional(ConfigField('All of them, without the secrets')),
    secrets: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 100 }),
        Type.Union([SecretField, KnownSecret], {
          errorMessage: 'Expected 1 to 8192 characters, or {fingerprint} of the secret that is there',
        }),
        {
          description: 'In clear, or by the fingerprint of the one that is there; those not named stay',
        },
      ),
    ),
    consent_categories: IntegrationBody.properties.consent_categories,
    paused: Type.Optional(
      Type.Boolean({ description: 'Nothing is delivered; what there is to deliver waits' }),
    ),
  },
  closed,
);

const { source_id: _, integration_id: __, ...pipelineFields } = PipelineBody.properties;

export const PipelineEntry = Type.Object(
  {
    ...pipelineFields,
    source: NameField,
    integration: NameField,
    revision: Type.Optional(
      Type.Union([RevisionField, Type.Literal('latest')], {
        description: 'Left out: as it is, or the latest for a new pipeline',
        errorMessage: 'Expected the number of a revision, or latest',
      }),
    ),
  },
  closed,
);

/**
 * The configuration as a whole. Names are what things are known by; a pipeline is known by the two that it connects.
 *
 * A section that is left out is not touched, and neither is a field that an entry leaves out. What a section does not
 * list stays, unless `prune` says otherwise.
 */
export const ConfigFile = Type.Object(
  {
    version: Type.Literal(1, { description: 'Of this format', errorMessage: 'Expected 1' }),
    prune: Type.Optional(
      Type.Boolean({ description: 'Delete what the sections that are there do not list. Default false' }),
    ),
    sources: list(SourceEntry, 'Known by their names'),
    integrations: list(IntegrationEntry, 'Known by their names'),
    pipelines: list(PipelineEntry, 'Known by the source and the integration that each connects'),
    consent: Type.Optional(ConsentChanges),
    settings: Type.Optional(SettingsChanges),
  },
  closed,
);

export type ConfigFile = Static<typeof ConfigFile>;
export type SourceEntry = Static<typeof SourceEntry>;
export type IntegrationEntry = Static<typeof IntegrationEntry>;
export type PipelineEntry = Static<typeof PipelineEntry>;
