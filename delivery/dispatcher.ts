import type { DeliveryBatch, DeliveryRequest } from '../schemas/index.ts';
import { type BatchStore, type BatchStoreName, batchKey } from './batch-store.ts';
import type { Journal } from './journal.ts';
import type { Progress } from './progress.ts';
import { settlementRecords } from './records.ts';
import { RetryQueue } from './retry-queue.ts';
import type { Attempt } from './sender.ts';
import { settle } from './settle.ts';
import type { RequestKind } from './window.ts';
import type { WorkerContext } from './worker-context.ts';

/** A recorded batch in memory, on its way to the vendor. */
interface ActiveBatch {
  readonly batch: DeliveryBatch;
  readonly requests: readonly DeliveryRequest[];
  readonly store: BatchStoreName;
}

const KIND: Readonly<Record<BatchStoreName, RequestKind>> = { claimed: 'first', waiting: 'retry' };

/** Retries read from the store at once: each may be as large as a request. */
const MAX_RETRIES_READ = 8;

/** Sends a partition's batches as the window allows, waiting ones when they are due, and journals what came of it. */
export class Dispatcher {
  readonly #context: WorkerContext;
  readonly #store: BatchStore;
  readonly #journal: Journal;
  readonly #progress: Progress;
  readonly #retries: RetryQueue;
  readonly #ready: ActiveBatch[] = [];
  readonly #sending = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #readingRetries = false;
  #closing = false;

  constructor(context: WorkerContext, store: BatchStore, journal: Journal, progress: Progress) {
    this.#context = context;
    this.#store = store;
    this.#journal = journal;
    this.#progress = progress;
    this.#retries = new RetryQueue(store);
  }

  /** When there may be something to do again, if nothing happens before. */
  get nextDue(): number {
    return this.#retries.nextDue;
  }

  /** The batch must be committed as claimed. */
  add(batch: DeliveryBatch, requests: readonly DeliveryRequest[]): void {
    this.#ready.push({ batch, requests, store: 'claimed' });
  }

  pump(): void {
    if (this.#closing) return;
    const { window } = this.#context;
    while (this.#ready.length > 0 && window.takeRequest('first')) {
      const next = this.#ready.shift();
      if (next !== undefined) this.#start(next);
    }
    if (!this.#readingRetries && this.#retries.nextDue <= this.#context.clock.now()) this.#startRetries();
  }

  /** Starts nothing more; resolves when what is under way has ended, at the latest after the grace period. */
  async drain(): Promise<void> {
    this.#closing = true;
    const cancel = this.#context.clock.after(this.#context.closeGraceMs, () => this.#abort.abort());
    while (this.#sending.size > 0) await Promise.all(this.#sending);
    cancel();
  }

  #startRetries(): void {
    const { window } = this.#context;
    let room = 0;
    while (room < MAX_RETRIES_READ && window.takeRequest('retry')) room++;
    if (room === 0) return;
    this.#readingRetries = true;
    this.#track(
      this.#readRetries(room).finally(() => {
        this.#readingRetries = false;
        this.#context.wake();
      }),
    );
  }

  async #readRetries(room: number): Promise<void> {
    const { clock, window } = this.#context;
    let unused = room;
    try {
      for (const batch of await this.#retries.take(clock.now(), room)) {
        if (this.#closing) return;
        unused--;
        this.#start({ batch, requests: batch.requests, store: 'waiting' });
      }
    } finally {
      while (unused-- > 0) window.returnRequest('retry');
    }
  }

  #start(active: ActiveBatch): void {
    this.#track(this.#send(active));
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(this.#context.onError).finally(() => this.#sending.delete(tracked));
    this.#sending.add(tracked);
  }

  async #send(active: ActiveBatch): Promise<void> {
    const { batch, requests, store } = active;
    const { send, window } = this.#context;
    const { id, createdAt } = batch;
    const attempt = await send({ id, createdAt, items: requests }, this.#abort.signal);
    if (attempt !== undefined) this.#settle(active, attempt);
    window.returnRequest(KIND[store]);
  }

  #settle({ batch, requests, store }: ActiveBatch, attempt: Attempt): void {
    const { clock, schedule, random, newId, serdes, topics, metrics, window } = this.#context;
    const settlement = settle(batch, requests, attempt, { now: clock.now(), schedule, random, newId });
    const { results, waiting } = settlement;
    const key = batchKey(batch);

    const before = store === 'waiting' ? requests.length : 0;
    const change = waiting.reduce((sum, next) => sum + next.requests.length, 0) - before;
    this.#progress.waitingChanged(change);
    if (store === 'claimed') this.#progress.batchSettled(batch.id);
    this.#journal.add({
      changes: [this.#store.remove(store, key), ...waiting.map((next) => this.#store.put('waiting', next))],
      records: settlementRecords(settlement, serdes, topics),
      // A batch that was not sent before must be remembered before it is.
      durable: waiting.some(({ id }) => id !== batch.id),
      committed: () => {
        if (store === 'claimed') window.removeBatch();
        else this.#retries.settled(batch);
        for (const next of waiting) this.#retries.added(next);
        metrics.waiting(change);
        for (const outcome of ['delivered', 'retrying', 'dead'] as const) {
          metrics.events(outcome, results.filter(({ status }) => status === outcome).length);
        }
        this.#context.wake();
      },
    });
    if (attempt.retryAfterMs !== undefined && isThrottled(attempt)) window.pause(attempt.retryAfterMs);
  }
}

/** The vendor wants no requests for a while, whatever is in them. */
function isThrottled({ httpStatus }: Attempt): boolean {
  return httpStatus === 429 || httpStatus === 503;
}
