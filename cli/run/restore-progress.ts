import type { RestoreProgress } from '../../streams/index.ts';

export interface RestoreLogger {
  info(details: object, message: string): void;
}

const LINE_MS = 1_000;

/**
 * Says about once a second how far stores are restored, all together, however many there are, and once when they are
 * done. `now`: any clock in milliseconds.
 */
export class RestoreReport {
  readonly #logger: RestoreLogger;
  readonly #now: () => number;
  readonly #stores = new Map<string, RestoreProgress>();
  #startedAt = 0;
  #nextLineAt = 0;

  constructor(logger: RestoreLogger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  progress(progress: RestoreProgress): void {
    const now = this.#now();
    if (this.#stores.size === 0) {
      this.#startedAt = now;
      this.#nextLineAt = now + LINE_MS;
    }
    this.#stores.set(`${progress.task}/${progress.store}`, progress);
    if (now < this.#nextLineAt) return;
    this.#nextLineAt = now + LINE_MS;
    this.#logger.info(this.#sums(now), 'restoring state from its changelog');
  }

  /** All stores that were being restored are. */
  done(): void {
    if (this.#stores.size === 0) return;
    const { stores, restored, recordsPerSecond } = this.#sums(this.#now());
    this.#logger.info({ stores, restored, recordsPerSecond }, 'restored state from its changelog');
    this.#stores.clear();
  }

  #sums(now: number) {
    const known = [...this.#stores.values()];
    const restored = known.reduce((sum, each) => sum + each.restored, 0);
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000);
    return {
      stores: known.length,
      restored,
      remaining: known.reduce((sum, each) => sum + each.remaining, 0),
      recordsPerSecond: Math.round(restored / seconds),
    };
  }
}
