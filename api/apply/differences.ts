import { CONSENT_ID, type ConfigState, type JsonValue, nameKey, SETTINGS_ID } from '../../config/index.ts';
import { type FieldChange, fieldDiff, resourceType } from '../history/index.ts';
import { consentSection, integrationEntry, pipelineEntry, settingsSection, sourceEntry } from './entries.ts';
import type { ConfigFile } from './file.ts';

export interface Difference {
  readonly action: 'create' | 'update' | 'delete';
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  /** In the file; of what is deleted, its section. */
  readonly path: string;
  readonly fields: readonly FieldChange[];
}

export type Kind = 'source' | 'integration' | 'pipeline' | 'consent' | 'settings';

/** What differs between two states of some resources, in the words of the file and in the order of the ids. */
export function differences(
  before: ConfigState,
  after: ConfigState,
  ids: Iterable<string>,
  paths: Paths,
): readonly Difference[] {
  return [...new Set(ids)].flatMap((id) => {
    const [old, now] = [describe(before, id), describe(after, id)];
    const shown = now ?? old;
    if (shown === undefined) return [];
    const action = old === undefined ? 'create' : now === undefined ? 'delete' : 'update';
    const { kind, name, key } = shown;
    const path = paths.get(key) ?? SECTIONS[kind];
    return [{ action, kind, name, id, path, fields: fieldDiff(old?.view, now?.view) } satisfies Difference];
  });
}

export const SECTIONS: { readonly [K in Kind]: keyof ConfigFile } = {
  source: 'sources',
  integration: 'integrations',
  pipeline: 'pipelines',
  consent: 'consent',
  settings: 'settings',
};

interface Described {
  readonly kind: Kind;
  readonly name: string;
  /** What it is known by in any file. */
  readonly key: string;
  readonly view: Readonly<Record<string, JsonValue>>;
}

/** What people call a thing, and what may be compared of it. Undefined if it is not there. */
export function describe(state: ConfigState, id: string): Described | undefined {
  switch (resourceType(id)) {
    case 'source':
      return describeSource(state, id);
    case 'integration':
      return describeIntegration(state, id);
    case 'pipeline':
      return describePipeline(state, id);
    case 'consent':
      return section('consent', CONSENT_ID, consentSection(state));
    case 'settings':
      return section('settings', SETTINGS_ID, settingsSection(state));
    default:
      return undefined;
  }
}

const section = (kind: 'consent' | 'settings', name: string, view: object): Described => ({
  kind,
  name,
  key: name,
  view: asJson(view),
});

function describeSource(state: ConfigState, id: string): Described | undefined {
  const source = state.sources.get(id);
  if (source === undefined) return undefined;
  const { name, signingSecrets } = source;
  const view = {
    ...sourceEntry(source),
    signing_secrets: signingSecrets.map(({ fingerprint }) => fingerprint),
  };
  return { kind: 'source', name, key: nameKey('source', name), view: asJson(view) };
}

function describeIntegration(state: ConfigState, id: string): Described | undefined {
  const integration = state.integrations.get(id);
  if (integration === undefined) return undefined;
  const { name, fingerprints, revisions } = integration;
  const newest = revisions.at(-1);
  const view = {
    ...integrationEntry(integration),
    secrets: Object.fromEntries(fingerprints),
    revision: revisions.findLast(({ status }) => status === 'published')?.number,
    waiting:
      newest === undefined || newest.status === 'published'
        ? undefined
        : {
            revision: newest.number,
            status: newest.status,
            variant: newest.variant,
            settings: newest.settings,
          },
  };
  return { kind: 'integration', name, key: nameKey('integration', name), view: asJson(view) };
}

function describePipeline(state: ConfigState, id: string): Described | undefined {
  const pipeline = state.pipelines.get(id);
  if (pipeline === undefined) return undefined;
  const entry = pipelineEntry(state, pipeline);
  return {
    kind: 'pipeline',
    name: `${entry.source} → ${entry.integration}`,
    key: pipelineKey(entry),
    view: asJson({ ...entry, revision: pipeline.revision }),
  };
}

const pipelineKey = ({ source, integration }: { readonly source: string; readonly integration: string }) =>
  JSON.stringify([nameKey('source', source), nameKey('integration', integration)]);

/** Where things are in a file, by what they are known by. */
export type Paths = ReadonlyMap<string, string>;

export function pathsIn({ sources = [], integrations = [], pipelines = [] }: ConfigFile): Paths {
  return new Map([
    ...sources.map(({ name }, i) => [nameKey('source', name), `sources[${i}]`] as const),
    ...integrations.map(({ name }, i) => [nameKey('integration', name), `integrations[${i}]`] as const),
    ...pipelines.map((entry, i) => [pipelineKey(entry), `pipelines[${i}]`] as const),
  ]);
}

const asJson = (view: object): Readonly<Record<string, JsonValue>> => JSON.parse(JSON.stringify(view));
