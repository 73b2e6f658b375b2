import type { SourceType } from '../../schemas/index.ts';
import type { SourceId } from '../ids.ts';
import type { Resource } from './resource.ts';

/** A collection point. */
export interface Source extends Resource {
  readonly id: SourceId;
  readonly name: string;
  readonly type: SourceType;
  /** Public: it stands in web pages. */
  readonly pipelineKey: string;
}
