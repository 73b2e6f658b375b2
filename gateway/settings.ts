export interface GatewaySettings {
  /** Events in one batch request. */
  readonly maxBatchSize: number;
  /** Bytes of one request body, as sent and inflated. */
  readonly maxPayloadSize: number;
  /** Bytes of all request headers together. */
  readonly maxHeaderSize: number;
  /** Open at once; 0: as many as the operating system lets. */
  readonly maxConnections: number;
  /** Bytes of large request bodies that have begun to arrive; above it requests with one are refused (OVERLOADED). */
  readonly maxArrivingBytes: number;
  /** Bytes of request bodies whose events wait for the log; above it requests are refused (OVERLOADED). */
  readonly maxPendingBytes: number;
  /** Requests per second and source, with a burst of one second's worth. */
  readonly rateLimitRps: number;
  /** The same for each address, of IPv6 each /64; 0: no such limit. Behind a proxy it needs `trustedProxies`, or all
   * visitors are one. */
  readonly rateLimitIpRps: number;
  /** `Domain` of the cookies, such as `example.com`. Left out: the registrable domain of the host that was asked. */
  readonly cookieDomain?: string | undefined;
  /** Origins whose pages may send events and read answers, or `*` for every origin; of sources that have no list of
   * their own. */
  readonly corsOrigins: '*' | readonly string[];
  /** Addresses or CIDR ranges of the proxies in front. Only what they say in `X-Forwarded-*` is believed; empty:
   * nobody is believed. */
  readonly trustedProxies: readonly string[];
  readonly timeouts: Timeouts;
}

/** Milliseconds. */
export interface Timeouts {
  /** For a request's headers to arrive. */
  readonly headers: number;
  /** For a whole request to arrive. */
  readonly request: number;
  /** An idle connection is kept; longer than the usual load balancer's 60 s, so that it closes first. */
  readonly keepAlive: number;
  /** A connection with a request under way on which nothing moves, as where answers are not read, is closed. */
  readonly stalled: number;
  /** When the gateway closes, requests that have not ended by then are cut off. */
  readonly closing: number;
  /** How often the two arrival limits are checked. */
  readonly check: number;
}

export const DEFAULT_GATEWAY_SETTINGS: GatewaySettings = {
  maxBatchSize: 500,
  maxPayloadSize: 524_288,
  maxHeaderSize: 16_384,
  maxConnections: 10_000,
  maxArrivingBytes: 256 * 1024 * 1024,
  maxPendingBytes: 64 * 1024 * 1024,
  rateLimitRps: 1000,
  rateLimitIpRps: 0,
  corsOrigins: '*',
  trustedProxies: [],
  timeouts: {
    headers: 10_000,
    request: 30_000,
    keepAlive: 65_000,
    stalled: 60_000,
    closing: 10_000,
    check: 1000,
  },
};
