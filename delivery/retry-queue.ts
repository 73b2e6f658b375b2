import type { DeliveryBatch } from '../schemas/index.ts';
import type { BatchStore } from './batch-store.ts';

/**
 * Hands out waiting batches when they are due. There may be millions, so they stay in the store, ordered by time; only
 * those under way are known in memory.
 */
export class RetryQueue {
  readonly #store: BatchStore;
  readonly #active = new Set<string>();
  #nextDue = 0;

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** No batch that can be taken is due before this; infinite if there is none. */
  get nextDue(): number {
    return this.#nextDue;
  }

  /** A waiting batch was committed. */
  added({ nextAttemptAt }: DeliveryBatch): void {
    this.#nextDue = Math.min(this.#nextDue, nextAttemptAt ?? 0);
  }

  /** A batch that was taken has been settled, and that is committed. */
  settled({ id }: DeliveryBatch): void {
    this.#active.delete(id);
  }

  /** Up to `limit` batches that are due. Must not run twice at a time. */
  async take(now: number, limit: number): Promise<readonly DeliveryBatch[]> {
    // Reading begins where something may be: before it lie the traces of what was deleted, slow to pass.
    const from = this.#nextDue;
    this.#nextDue = Number.POSITIVE_INFINITY;
    // Those under way now are to be passed over even if they are settled while the store is read, because what is read
    // may be older.
    const batches = await this.#store.waiting(from, limit + 1, new Set(this.#active));
    const taken = batches.filter(({ nextAttemptAt }) => (nextAttemptAt ?? 0) <= now).slice(0, limit);
    for (const { id } of taken) this.#active.add(id);
    const next = batches[taken.length];
    if (next !== undefined) this.added(next);
    return taken;
  }
}
