interface Bucket {
  tokens: number;
  /** Milliseconds; tokens are as of then. */
  at: number;
}

/** A token bucket per source, or per address: `rps` tokens a second, at most one second's worth saved up. */
export class RateLimiter {
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #maxBuckets: number;

  /** Above `maxBuckets`, what was used longest ago begins anew: after a second without use it is full anyway. */
  constructor(maxBuckets = 100_000) {
    this.#maxBuckets = maxBuckets;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** 0 if the request may pass, else the seconds after which another try can succeed. `now` in milliseconds. */
  take(key: string, rps: number, now: number): number {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: rps, at: now };
      const [oldest] = this.#buckets.keys();
      if (this.#buckets.size >= this.#maxBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    } else {
      this.#buckets.delete(key);
    }
    this.#buckets.set(key, bucket);
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
