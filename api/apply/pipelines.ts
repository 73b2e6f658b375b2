import { latestRevision, pipelineId, pipelinesOf } from '../../config/index.ts';
import { pathOf } from '../changes.ts';
import type { ApiIds } from '../ids.ts';
import { createPipeline, updatePipeline } from '../routes/pipelines.ts';
import { type Draft, idOf, refuseTwins } from './draft.ts';
import type { PipelineEntry } from './file.ts';

/** What the file calls fields of the commands. */
export const PIPELINE_FIELDS = { sourceId: 'source', integrationId: 'integration' };

/** Adds what makes the pipelines those of the file. The sources and integrations are there by now. */
export function planPipelines(draft: Draft, entries: readonly PipelineEntry[], ids: ApiIds): void {
  refuseTwins(draft, 'pipelines', entries, (entry) => JSON.stringify(endsOf(draft, entry)));
  for (const [index, entry] of entries.entries()) planPipeline(draft, `pipelines[${index}]`, entry, ids);
  draft.check();
}

/** Ids of what a pipeline connects; the name of what is not there. */
const endsOf = ({ state }: Draft, { source, integration }: PipelineEntry): readonly [string, string] => [
  idOf(state, 'source', source) ?? source,
  idOf(state, 'integration', integration) ?? integration,
];

function planPipeline(draft: Draft, path: string, entry: PipelineEntry, ids: ApiIds): void {
  const [sourceId, integrationId] = endsOf(draft, entry);
  const source = draft.state.sources.get(sourceId);
  const integration = draft.state.integrations.get(integrationId);
  if (source === undefined)
    draft.problem(`${path}.source`, 'UNKNOWN_SOURCE', `there is no source "${entry.source}"`);
  if (integration === undefined)
    draft.problem(
      `${path}.integration`,
      'UNKNOWN_INTEGRATION',
      `there is no integration "${entry.integration}"`,
    );
  if (source === undefined || integration === undefined) return;

  const latest = latestRevision(integration)?.number;
  const { source: _, integration: __, revision: asked, ...fields } = entry;
  const number = asked === 'latest' ? latest : asked;
  const changes = number === undefined ? fields : { ...fields, revision: number };
  const known = pipelinesOf(draft.state, source.id).find((each) => each.integrationId === integration.id);
  const fieldOf = (field: string): string => pathOf(field, PIPELINE_FIELDS);
  if (known === undefined) {
    const body = { ...changes, source_id: source.id, integration_id: integration.id };
    draft.add(path, ids.resource(pipelineId.prefix), createPipeline(body), fieldOf);
    return;
  }
  draft.add(path, known.id, updatePipeline(changes), fieldOf);
  if (asked === undefined && latest !== undefined && known.revision < latest)
    draft.notice(
      path,
      `it stays at revision ${known.revision} of ${latest}: it is not said which one, or that it is the latest`,
    );
}
