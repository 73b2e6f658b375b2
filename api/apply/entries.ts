import { type Static, type TObject, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import {
  type ConfigState,
  type Integration,
  latestRevision,
  type Pipeline,
  type Source,
} from '../../config/index.ts';
import { ConsentChanges, showConsent } from '../routes/consent.ts';
import { showIntegration } from '../routes/integration-view.ts';
import { showPipeline } from '../routes/pipelines.ts';
import { SettingsChanges, showSettings } from '../routes/settings.ts';
import { creationOrder } from '../routes/shared.ts';
import { showSource } from '../routes/sources.ts';
import { type ConfigFile, IntegrationEntry, PipelineEntry, SourceEntry } from './file.ts';
import { withoutNulls } from './integrations.ts';

/**
 * The configuration in the words of the file, so that applying it changes nothing. Secrets are named by their
 * fingerprints. Drafts are no part of it.
 */
export function fileOf(state: ConfigState): ConfigFile {
  return {
    version: 1,
    sources: oldestFirst(state.sources.values()).map(sourceEntry),
    integrations: oldestFirst(state.integrations.values()).map(integrationEntry),
    pipelines: oldestFirst(state.pipelines.values()).map((pipeline) => pipelineEntry(state, pipeline)),
    consent: consentSection(state),
    settings: settingsSection(state),
  };
}

export function sourceEntry(source: Source): SourceEntry {
  const { signing_secrets, ...view } = showSource(source);
  return {
    ...inWordsOf(SourceEntry, view),
    signing_secrets: signing_secrets.map(({ fingerprint }) => ({ fingerprint })),
  };
}

export function integrationEntry(integration: Integration): IntegrationEntry {
  const { config, ...view } = showIntegration(integration);
  const settings = withoutNulls(latestRevision(integration)?.settings ?? {});
  return inWordsOf(IntegrationEntry, { ...view, settings });
}

export function pipelineEntry(state: ConfigState, pipeline: Pipeline): PipelineEntry {
  const integration = state.integrations.get(pipeline.integrationId);
  const view = showPipeline(pipeline, state);
  return inWordsOf(PipelineEntry, {
    ...view,
    source: state.sources.get(pipeline.sourceId)?.name ?? '',
    integration: integration?.name ?? '',
    revision: view.revision === view.latest_revision ? 'latest' : view.revision,
  });
}

export const consentSection = ({ consent }: ConfigState): Static<typeof ConsentChanges> =>
  inWordsOf(ConsentChanges, showConsent(consent));

export const settingsSection = ({ settings }: ConfigState): Static<typeof SettingsChanges> =>
  inWordsOf(SettingsChanges, showSettings(settings));

const oldestFirst = <T extends Source | Integration | Pipeline>(resources: Iterable<T>): T[] =>
  [...resources].toSorted((a, b) => creationOrder(a) - creationOrder(b));

/** Of what the API shows, that which it also takes. Some is shown as null where there is none, and cannot be given. */
function inWordsOf<T extends TObject>(schema: T, view: object): Static<T> {
  const given = Object.entries(view).filter(
    ([key, value]) => value !== null || Value.Check(schema.properties[key] ?? Type.Never(), null),
  );
  const entry: unknown = Value.Clean(schema, structuredClone(Object.fromEntries(given)));
  if (Value.Check(schema, entry)) return entry;
  const [error] = Value.Errors(schema, entry);
  throw new Error(`what the API shows is not what it takes: ${error?.path} ${error?.message}`);
}
