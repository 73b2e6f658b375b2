import type { Expiry } from './store.ts';

/** Keys looked at between two batches: small beside a batch, so that no batch waits for long. */
const KEYS_PER_TURN = 1_000;

/**
 * Deletes what has expired from one store, a bounded number of keys between two batches. A round through the store
 * begins whenever the store's time has moved on by a step, so each key is read a few times in its life.
 *
 * Reading hides expired keys by itself; when they are deleted makes no difference to any result.
 */
export class Sweeper {
  private readonly expiry: Expiry;
  private sweptAt: number;
  private cursor: Buffer | undefined;
  private sweeping = false;

  constructor(expiry: Expiry) {
    this.expiry = expiry;
    this.sweptAt = expiry.time.get();
  }

  /** A promise only if it has to wait for a read. */
  turn(): Promise<void> | undefined {
    const { buffer, time, step, isExpired } = this.expiry;
    if (!this.sweeping) {
      if (this.sweptAt < 0) this.sweptAt = time.get();
      if (time.get() - this.sweptAt < step) return undefined;
      this.sweeping = true;
      this.sweptAt = time.get();
    }
    const next = buffer.sweep(isExpired, this.cursor, KEYS_PER_TURN);
    if (next instanceof Promise) return next.then((cursor) => this.goOnAt(cursor));
    this.goOnAt(next);
    return undefined;
  }

  private goOnAt(cursor: Buffer | undefined): void {
    this.cursor = cursor;
    this.sweeping = cursor !== undefined;
  }
}
