import type { ConsentRules, SourceSettings } from '../config/index.ts';
import type { SourceType } from '../schemas/index.ts';

export type {
  CollectorModule,
  CollectorSettings,
  ConsentReader,
  VendorCookie,
  WebhookSettings,
} from '../config/index.ts';

/** A collection point, as far as the gateway needs to know it. */
export interface GatewaySource extends SourceSettings {
  readonly id: string;
  readonly name: string;
  readonly type: SourceType;
  /** Requests per second; without one, the gateway's own setting. */
  readonly rateLimitRps?: number | null | undefined;
}

/** The applied config, in memory: looked up on every request, so no call may wait. A source has two keys while one
 * takes the place of the other; a key or a secret that was revoked, or whose source was deleted, finds nothing from
 * the next request on. */
export interface SourceDirectory {
  /** Sequence of the last config event applied; stamped on every event accepted under it. */
  readonly version: number;
  sourceByKey(pipelineKey: string): GatewaySource | undefined;
  sourceById(id: string): GatewaySource | undefined;
  /** `shop` of `/shop.js`. */
  sourceByScriptFilename(name: string): GatewaySource | undefined;
  /** Of all sources together. */
  readonly allowedOrigins: readonly string[];
  /** How the organisation reads consent, and what it does where there is none. */
  readonly consent: Pick<ConsentRules, 'defaultPolicy' | 'categories'>;
  /** The live signing secrets in clear, newest first: two during a rotation, none if it has none. */
  signingSecrets(sourceId: string): readonly string[];
  /** Whether the source has live secrets that are not among these, since they could not be read yet: a signature that
   * cannot be verified may be good. Left out: there never are. */
  lacksSecrets?(sourceId: string): boolean;
}
