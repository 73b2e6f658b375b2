import type { SourceType } from '../../schemas/index.ts';
import type { SourceId } from '../ids.ts';
import type { Resource } from './resource.ts';

/** A collection point. */
export interface Source extends Resource {
  readonly id: SourceId;
  readonly name: string;
  readonly type: SourceType;
  /** The live ones, oldest first: one, or two during a rotation. Public: they stand in web pages. */
  readonly pipelineKeys: readonly [string, ...string[]];
  /** Requests a second; null: the gateway's own setting. */
  readonly rateLimitRps: number | null;
}

/** The one to use from now on. */
export const pipelineKeyOf = (source: Source): string => source.pipelineKeys.at(-1) ?? source.pipelineKeys[0];
