interface Bucket {
  tokens: number;
  /** Milliseconds; tokens are as of then. */
  at: number;
}

/** A token bucket per source: `rps` tokens a second, at most one second's worth saved up. */
export class RateLimiter {
  /** One per source that exists, so its size is bounded by the config. */
  readonly #buckets = new Map<string, Bucket>();

  /** 0 if the request may pass, else the seconds after which another try can succeed. `now` in milliseconds. */
  take(sourceId: string, rps: number, now: number): number {
    let bucket = this.#buckets.get(sourceId);
    if (bucket === undefined) {
      bucket = { tokens: rps, at: now };
      this.#buckets.set(sourceId, bucket);
    }
    // A clock set back must not take tokens away.
    const elapsed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(rps, bucket.tokens + (elapsed * rps) / 1000);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.ceil((1 - bucket.tokens) / rps);
  }
}
