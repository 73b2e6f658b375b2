import type { IntegrationId, PipelineId, SourceId } from '../ids.ts';
import type { Resource } from './resource.ts';

/** Connects a source to an integration at one of its revisions. */
export interface Pipeline extends Resource {
  readonly id: PipelineId;
  readonly sourceId: SourceId;
  readonly integrationId: IntegrationId;
  readonly revision: number;
  /** Revisions that were pinned before, the last one last: what rolling back returns to. */
  readonly earlierRevisions: readonly number[];
  readonly enabled: boolean;
  /** Expression an event must satisfy; null: every event passes. */
  readonly filter: string | null;
  readonly parameters: ReadonlyMap<string, string>;
}
