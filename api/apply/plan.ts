import {
  type Catalog,
  CONSENT_ID,
  type CommandPayload,
  type ConfigState,
  SETTINGS_ID,
} from '../../config/index.ts';
import type { Change } from '../../schemas/index.ts';
import type { ApiIds } from '../ids.ts';
import { updateConsent } from '../routes/consent.ts';
import { updateSettings } from '../routes/settings.ts';
import {
  type Difference,
  describe,
  differences,
  type Kind,
  type Paths,
  pathsIn,
  SECTIONS,
} from './differences.ts';
import { type Asking, Draft, type Notice } from './draft.ts';
import type { ConfigFile } from './file.ts';
import { planIntegrations } from './integrations.ts';
import { planPipelines } from './pipelines.ts';
import type { Sealing } from './sealing.ts';
import { planSources } from './sources.ts';

export interface Planning {
  readonly catalog: Catalog;
  readonly ids: ApiIds;
  readonly sealing: Sealing;
  readonly asking: Asking;
}

/** What makes the configuration that of a file. */
export interface Plan {
  /** The commands, in order. */
  readonly changes: readonly Change[];
  /** What they change. Ids of what is created are those it will have if these commands are handed in. */
  readonly differences: readonly Difference[];
  /** What is there and the file does not list, in the sections that it has; deleted if it is to be pruned. */
  readonly unlisted: readonly Unlisted[];
  readonly notices: readonly Notice[];
}

export interface Unlisted {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
}

/**
 * Plans from a state to a file. Throws the API's error, with everything that is wrong in the first section that has
 * something wrong in it.
 *
 * The order is one in which each finds what it needs: what goes makes room, and what pipelines connect is there first.
 * The organisation's settings come last: what is applied is judged by the rules that were in force before.
 */
export async function planFile(base: ConfigState, file: ConfigFile, planning: Planning): Promise<Plan> {
  const { ids, sealing, catalog, asking } = planning;
  const draft = new Draft(base, catalog, asking);
  const { sources, integrations, pipelines, consent, settings } = file;
  const paths = pathsIn(file);
  const unlisted = findUnlisted(base, file, paths);
  if (file.prune === true) prune(draft, unlisted);
  if (sources !== undefined) await planSources(draft, sources, ids, sealing);
  if (integrations !== undefined) await planIntegrations(draft, integrations, ids, sealing);
  if (pipelines !== undefined) planPipelines(draft, pipelines, ids);
  if (consent !== undefined) draft.add('consent', CONSENT_ID, updateConsent(consent));
  if (settings !== undefined) draft.add('settings', SETTINGS_ID, updateSettings(settings));
  draft.check();
  draft.checkAsOne();
  const touched = draft.changes.map(({ resourceId }) => resourceId);
  return {
    changes: draft.changes,
    differences: differences(base, draft.state, touched, paths),
    unlisted: file.prune === true ? [] : unlisted,
    notices: draft.notices,
  };
}

/** Of the sections that the file has, in an order in which they can be deleted. */
function findUnlisted(base: ConfigState, file: ConfigFile, paths: Paths): readonly Unlisted[] {
  const { pipelines, integrations, sources } = file;
  const ids = [
    ...(pipelines === undefined ? [] : base.pipelines.values()),
    ...(integrations === undefined ? [] : base.integrations.values()),
    ...(sources === undefined ? [] : base.sources.values()),
  ].map(({ id }) => id);
  return ids.flatMap((id) => {
    const described = describe(base, id);
    if (described === undefined || paths.has(described.key)) return [];
    return [{ kind: described.kind, name: described.name, id }];
  });
}

const DELETIONS: { readonly [K in Kind]?: CommandPayload } = {
  source: { 'signal.config.DeleteSource': {} },
  integration: { 'signal.config.DeleteIntegration': {} },
  pipeline: { 'signal.config.DeletePipeline': {} },
};

function prune(draft: Draft, unlisted: readonly Unlisted[]): void {
  for (const { kind, id } of unlisted) {
    const payload = DELETIONS[kind];
    if (payload !== undefined) draft.add(SECTIONS[kind], id, payload);
  }
  draft.check();
}
