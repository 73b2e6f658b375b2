import type { SourceType } from '../../schemas/index.ts';
import type { SourceId } from '../ids.ts';
import type { Resource } from './resource.ts';
import type { SourceSettings } from './source-settings.ts';

/** A collection point. */
export interface Source extends Resource, SourceSettings {
  readonly id: SourceId;
  readonly name: string;
  readonly type: SourceType;
  /** The live ones, oldest first: one, or two during a rotation. Public: they stand in web pages. */
  readonly pipelineKeys: readonly [string, ...string[]];
  /** Requests a second; null: the gateway's own setting. */
  readonly rateLimitRps: number | null;
  /** The live ones, newest first: none, one, or two during a rotation. */
  readonly signingSecrets: readonly SigningSecret[];
}

/** What the calls of servers and webhooks are signed with. */
export interface SigningSecret {
  readonly sealed: string;
  /** What may be shown of it, and what it is revoked by. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The one to use from now on. */
export const pipelineKeyOf = (source: Source): string => source.pipelineKeys.at(-1) ?? source.pipelineKeys[0];
