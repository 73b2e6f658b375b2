import type { SourceType } from '../schemas/index.ts';

/** A collection point, as far as the gateway needs to know it. */
export interface GatewaySource {
  readonly id: string;
  readonly name: string;
  readonly type: SourceType;
  /** Requests per second; left out, the gateway's own setting. */
  readonly rateLimitRps?: number | undefined;
}

/** The applied config, in memory: looked up on every request, so neither call may wait. A source that was removed
 * is not found from the next request on. */
export interface SourceDirectory {
  /** Sequence of the last config event applied; stamped on every event accepted under it. */
  readonly version: number;
  sourceByKey(pipelineKey: string): GatewaySource | undefined;
}
