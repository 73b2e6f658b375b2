import type { CompiledMapping } from '../../integrations/index.ts';

/** A pipeline ready to run: what it connects, and its integration's mapping at the pinned revision, compiled. */
export interface ActivePipeline {
  readonly pipelineId: string;
  readonly integrationId: string;
  readonly revision: number;
  /** All of them must be granted. */
  readonly consentCategories: readonly string[];
  readonly mapping: CompiledMapping;
}

/**
 * The enabled pipelines of a source under one configuration version, in order of creation. Throws a `Suspend` when
 * this process has not applied that version yet.
 */
export type PipelinesOf = (sourceId: string, configVersion: number) => readonly ActivePipeline[];
