import type { SourceType } from '../schemas/index.ts';

/** A collection point, as far as the gateway needs to know it. */
export interface GatewaySource {
  readonly id: string;
  readonly name: string;
  readonly type: SourceType;
  /** Requests per second; without one, the gateway's own setting. */
  readonly rateLimitRps?: number | null | undefined;
}

/** The applied config, in memory: looked up on every request, so neither call may wait. A source has two keys while
 * one takes the place of the other; a key that was revoked, or whose source was deleted, finds nothing from the next
 * request on. */
export interface SourceDirectory {
  /** Sequence of the last config event applied; stamped on every event accepted under it. */
  readonly version: number;
  sourceByKey(pipelineKey: string): GatewaySource | undefined;
}
