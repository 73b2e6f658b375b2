import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Log, LogError, type OutgoingRecord } from '../../streams/index.ts';
import type { SpoolMetrics } from './metrics.ts';
import type { Position } from './segments.ts';
import type { Spool } from './spool.ts';

export interface SpoolingLogOptions {
  /** Left out: it cannot be reached yet; see `attach`. */
  readonly log?: Pick<Log, 'append'> | undefined;
  readonly spool: Spool;
  readonly logger: Logger;
  readonly metrics: SpoolMetrics;
  /** Milliseconds that the log may take for an append; then what was to be appended goes to the spool. */
  readonly patienceMs?: number | undefined;
  /** Milliseconds between two attempts to bring the log what is in the spool. */
  readonly retryMs?: number | undefined;
}

interface Entry {
  readonly records: readonly OutgoingRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/** One call of the log takes so many bytes of values together, unless the first entry alone is larger. */
const GROUP_BYTES = 1024 * 1024;

/**
 * The log, or the spool while there is no log: an append resolves once one of them has the records durably.
 *
 * A visitor's events stay in order because there is one line of them. One call of the log is under way at a time; what
 * is appended meanwhile waits and goes with the next. When a call fails or takes too long its records go to the spool,
 * and everything after them too, until the log has taken all of the spool: nothing overtakes. A call that took too long
 * may still succeed; nothing of the spool is tried before that is known, and then its records are not sent again.
 *
 * What the log has twice all the same (a call that half failed, a process killed between append and note) is the same
 * event with the same messageId, which is recognised downstream.
 */
export class SpoolingLog {
  readonly #spool: Spool;
  readonly #logger: Logger;
  readonly #metrics: SpoolMetrics;
  readonly #patienceMs: number;
  readonly #retryMs: number;
  readonly #stop = new AbortController();
  #log: Pick<Log, 'append'> | undefined;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;
  /** The group under way. */
  #storing: Promise<void> | undefined;
  /** While this is set everything goes to the spool; it ends when the spool is empty. */
  #draining: Promise<void> | undefined;
  /** The call that took too long, and where its records end in the spool. */
  #late:
    | { readonly appended: Promise<Outcome>; readonly records: number; readonly end: Position }
    | undefined;
  /** The last of the spool is on its way to the log: what comes now waits for that instead of lengthening it. */
  #held = false;

  constructor(options: SpoolingLogOptions) {
    const { log, spool, logger, metrics, patienceMs = 2000, retryMs = 500 } = options;
    this.#log = log;
    this.#spool = spool;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#patienceMs = patienceMs;
    this.#retryMs = retryMs;
    metrics.observe(spool);
    if (spool.records > 0) {
      logger.warn(
        { events: spool.records },
        'the spool holds events of an earlier run; the log gets them first',
      );
    }
    if (log === undefined || spool.records > 0) this.#startDraining();
  }

  /** The log can be reached now. */
  attach(log: Pick<Log, 'append'>): void {
    this.#log = log;
  }

  /** `degraded`: events are taken into the spool. `full`: they are refused. */
  get state(): 'up' | 'degraded' | 'full' {
    if (this.#draining === undefined) return 'up';
    return this.#spool.isFull ? 'full' : 'degraded';
  }

  append(records: readonly OutgoingRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ records, resolve, reject });
      this.#run();
    });
  }

  /** Resolves when everything appended is stored; what is in the spool stays there. */
  async close(): Promise<void> {
    this.#held = false;
    this.#run();
    await this.#running;
    // What is on its way to the log gets its chance to be noted, or it would be sent again after the next start.
    if (this.#draining !== undefined) await within(this.#patienceMs, this.#draining);
    this.#stop.abort();
    await this.#draining;
    await this.#spool.close();
  }

  #run(): void {
    if (this.#held || this.#queue.length === 0) return;
    this.#running ??= this.#storeQueue();
  }

  async #storeQueue(): Promise<void> {
    while (this.#queue.length > 0 && !this.#held) {
      this.#storing = this.#store(this.#nextGroup());
      await this.#storing;
    }
    this.#running = undefined;
  }

  #nextGroup(): Entry[] {
    let bytes = 0;
    let count = 0;
    for (const { records } of this.#queue) {
      for (const { value } of records) bytes += value?.length ?? 0;
      if (count > 0 && bytes > GROUP_BYTES) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #store(group: readonly Entry[]): Promise<void> {
    if (this.#draining !== undefined) return this.#toSpool(group);
    const appended = this.#tryLog(group.flatMap(({ records }) => records));
    const outcome = await within(this.#patienceMs, appended);
    if (outcome === undefined) {
      this.#outage(`no answer for ${this.#patienceMs} ms`);
      await this.#toSpool(group, appended);
    } else if (outcome === 'stored') {
      for (const { resolve } of group) resolve();
    } else if (!isAboutRecords(outcome.failed)) {
      this.#outage(outcome.failed);
      await this.#toSpool(group);
    } else if (group.length === 1) {
      for (const { reject } of group) reject(outcome.failed);
    } else {
      // One of them has a record that the log will never take; the others are not to suffer for it.
      for (const entry of group) await this.#store([entry]);
    }
  }

  async #toSpool(group: readonly Entry[], appended?: Promise<Outcome>): Promise<void> {
    const records = group.flatMap((entry) => entry.records);
    try {
      const end = await this.#spool.append(records);
      if (appended !== undefined) this.#late = { appended, records: records.length, end };
      this.#metrics.spooled.inc(records.length);
      for (const { resolve } of group) resolve();
    } catch (cause) {
      const error = new LogError('UNAVAILABLE', 'and the spool takes nothing', { cause });
      for (const { reject } of group) reject(error);
    }
  }

  async #tryLog(records: readonly OutgoingRecord[]): Promise<Outcome> {
    if (this.#log === undefined) return { failed: new LogError('UNAVAILABLE', 'not reached yet') };
    try {
      await this.#log.append(records);
      return 'stored';
    } catch (failed) {
      return { failed };
    }
  }

  #outage(why: unknown): void {
    this.#logger.error(
      why instanceof Error ? { err: why } : { why },
      'the log does not take events; they go to the spool until it does',
    );
    this.#startDraining();
  }

  #startDraining(): void {
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // The group that met the fault goes first.
    await this.#storing;
    /** Whether the last attempt shows that the log takes events again. */
    let isUp = false;
    while (!this.#stop.signal.aborted) {
      try {
        const late = await this.#takeLate();
        if (late !== undefined) {
          isUp = late === 'stored';
          continue;
        }
        if (isUp && this.#spool.bytesLeft <= GROUP_BYTES) await this.#hold();
        else this.#release();
        const outcome = await this.#drainBatch();
        if (outcome === 'empty' && this.#held) break;
        isUp = outcome === 'stored' || (outcome === 'empty' && this.#log !== undefined);
        if (isUp) continue;
      } catch (error) {
        isUp = false;
        this.#logger.error({ err: error }, 'the spool cannot be read; it will be tried again');
      }
      this.#release();
      await sleep(this.#retryMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
    this.#draining = undefined;
    this.#release();
    if (!this.#stop.signal.aborted) this.#logger.info('the log takes events again, and has all of the spool');
  }

  async #hold(): Promise<void> {
    this.#held = true;
    await this.#running;
  }

  #release(): void {
    this.#held = false;
    this.#run();
  }

  /** Waits for the call that took too long, if there is one. */
  async #takeLate(): Promise<'stored' | 'failed' | undefined> {
    const late = this.#late;
    if (late === undefined) return undefined;
    const outcome = await aborted(this.#stop.signal, late.appended);
    if (outcome === undefined) return 'failed';
    this.#late = undefined;
    if (outcome !== 'stored') return 'failed';
    await this.#spool.advance(late);
    return 'stored';
  }

  async #drainBatch(limit?: number): Promise<'stored' | 'failed' | 'empty'> {
    const batch = await this.#spool.peek(GROUP_BYTES, limit);
    if (batch === undefined) return 'empty';
    const { records, end } = batch;
    const appended = this.#tryLog(records);
    if ((await within(this.#patienceMs, appended)) === undefined) this.#release();
    const outcome = await aborted(this.#stop.signal, appended);
    if (outcome === undefined) return 'failed';
    if (outcome !== 'stored') {
      if (!isAboutRecords(outcome.failed)) return 'failed';
      if (records.length > 1) return this.#drainBatch(1);
      const path = await this.#spool.setAside(records);
      this.#metrics.setAside.inc(records.length);
      this.#logger.error({ err: outcome.failed, path }, 'the log will never take an event; it was set aside');
    } else {
      this.#metrics.replayed.inc(records.length);
    }
    await this.#spool.advance({ records: records.length, end });
    return 'stored';
  }
}

type Outcome = 'stored' | { readonly failed: unknown };

/** The log is there and refuses these very records. */
function isAboutRecords(error: unknown): boolean {
  return error instanceof LogError && (error.code === 'RECORD_TOO_LARGE' || error.code === 'INVALID');
}

/** `undefined` if `outcome` is still open after `ms`. */
async function within<T>(ms: number, outcome: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

/** `undefined` if `signal` aborts first. */
function aborted<T>(signal: AbortSignal, outcome: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    void outcome.then((value) => {
      signal.removeEventListener('abort', stop);
      resolve(value);
    });
  });
}
