/** Milliseconds that a signature's timestamp may lie before or after our clock. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;

const BUCKET_MS = 10_000;

/**
 * Remembers signatures for as long as their timestamp would be accepted again. Only verified ones come here, so only
 * who has the secret can fill it; still its memory is bounded, by forgetting the oldest and from then on refusing
 * whatever is as old as they were. So under extreme load the window narrows, and never is a replay let through.
 */
export class ReplayGuard {
  readonly #capacity: number;
  /** By the stated timestamp, in steps of `BUCKET_MS`. */
  readonly #buckets = new Map<number, Set<string>>();
  #size = 0;
  /** Nothing stated before it is accepted; milliseconds. */
  #floor = 0;

  constructor(capacity = 100_000) {
    this.#capacity = capacity;
  }

  /** Times in milliseconds, `timestamp` within the window around `now`. `signature`: any text that stands for it. */
  claim(signature: string, timestamp: number, now: number): 'new' | 'seen' | 'too old' {
    this.#raiseFloor(now - SIGNATURE_WINDOW_MS);
    const index = Math.floor(timestamp / BUCKET_MS);
    let bucket = this.#buckets.get(index);
    if (bucket?.has(signature)) return 'seen';
    if (timestamp < this.#floor) return 'too old';
    if (bucket === undefined) {
      bucket = new Set();
      this.#buckets.set(index, bucket);
    }
    bucket.add(signature);
    this.#size++;
    while (this.#size > this.#capacity) this.#raiseFloor((Math.min(...this.#buckets.keys()) + 1) * BUCKET_MS);
    return 'new';
  }

  /** For a request that came to nothing, and whose sender is told to send it again. */
  release(signature: string, timestamp: number): void {
    if (this.#buckets.get(Math.floor(timestamp / BUCKET_MS))?.delete(signature)) this.#size--;
  }

  #raiseFloor(floor: number): void {
    if (floor <= this.#floor) return;
    this.#floor = floor;
    for (const [index, bucket] of this.#buckets) {
      if ((index + 1) * BUCKET_MS > floor) continue;
      this.#size -= bucket.size;
      this.#buckets.delete(index);
    }
  }
}
