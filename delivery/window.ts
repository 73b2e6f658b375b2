import type { Clock } from './clock.ts';

export type RequestKind = 'first' | 'retry';

/** A vendor's `Retry-After` stops the whole integration, but no longer than this at a time. */
const MAX_PAUSE_MS = 5 * 60_000;

/**
 * What one integration may have under way, over all its partitions: requests at the vendor, and batches decided but
 * not yet answered (some more, so that the next ones are recorded while requests are out). Retries get half of the
 * requests at most, so a vendor's bad hour does not hold up what is new.
 */
export class Window {
  readonly #clock: Clock;
  readonly #maxRequests: number;
  readonly #onRoom: () => void;
  readonly #requests: Record<RequestKind, number> = { first: 0, retry: 0 };
  #batches = 0;
  #pausedUntil = 0;
  #cancelPause: () => void = () => {};

  /** @param onRoom called when what was refused may be granted now */
  constructor(clock: Clock, maxRequests: number, onRoom: () => void) {
    this.#clock = clock;
    this.#maxRequests = maxRequests;
    this.#onRoom = onRoom;
  }

  get hasRoomForBatch(): boolean {
    return this.#batches < 2 * this.#maxRequests;
  }

  addBatch(): void {
    this.#batches++;
  }

  removeBatch(): void {
    this.#batches--;
    this.#onRoom();
  }

  takeRequest(kind: RequestKind): boolean {
    const { first, retry } = this.#requests;
    if (this.#clock.now() < this.#pausedUntil || first + retry >= this.#maxRequests) return false;
    if (kind === 'retry' && retry >= Math.ceil(this.#maxRequests / 2)) return false;
    this.#requests[kind]++;
    return true;
  }

  returnRequest(kind: RequestKind): void {
    this.#requests[kind]--;
    this.#onRoom();
  }

  /** No request for so long; those under way go on. */
  pause(ms: number): void {
    const pause = Math.min(ms, MAX_PAUSE_MS);
    const until = this.#clock.now() + pause;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#cancelPause();
    this.#cancelPause = this.#clock.after(pause, this.#onRoom);
  }

  close(): void {
    this.#cancelPause();
  }
}
