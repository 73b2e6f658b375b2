import type { Cancellable } from '../processor.ts';
import { popTimed, pushTimed, type Timed } from './time-heap.ts';

interface Schedule {
  readonly intervalMs: number;
  readonly punctuator: (timestamp: number) => void;
  cancelled: boolean;
}

interface Due extends Timed {
  readonly schedule: Schedule;
}

/**
 * The schedules of one time (stream or wall clock) of one task. A schedule is due when time reaches its next
 * multiple of the interval; it fires once however many multiples were passed.
 *
 * Of schedules that are due at the same time, the heap they wait in decides which fires first, as in Kafka Streams.
 */
export class PunctuationQueue {
  private heap: Due[] = [];
  private readonly onRollback: (undo: () => void) => void;

  constructor(onRollback: (undo: () => void) => void) {
    this.onRollback = onRollback;
  }

  schedule(first: number, intervalMs: number, punctuator: (timestamp: number) => void): Cancellable {
    const schedule: Schedule = { intervalMs, punctuator, cancelled: false };
    this.restoreOnRollback();
    pushTimed(this.heap, { schedule, at: first });
    return {
      cancel: () => {
        schedule.cancelled = true;
        this.onRollback(() => {
          schedule.cancelled = false;
        });
      },
    };
  }

  /** Time of the earliest schedule, Infinity if there is none. */
  get nextDue(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { schedule, at } of this.heap) if (!schedule.cancelled && at < due) due = at;
    return due;
  }

  /** Fires what is due, in order of due time. Returns whether anything was. */
  punctuate(now: number): boolean {
    if (!this.isDue(now)) return false;
    this.restoreOnRollback();
    let fired = false;
    while (this.isDue(now)) {
      const due = popTimed(this.heap);
      if (due === undefined) break;
      const { schedule, at } = due;
      if (schedule.cancelled) continue;
      schedule.punctuator(now);
      fired = true;
      const missed = Math.floor((now - at) / schedule.intervalMs);
      if (!schedule.cancelled)
        pushTimed(this.heap, { schedule, at: at + (missed + 1) * schedule.intervalMs });
    }
    return fired;
  }

  private isDue(now: number): boolean {
    const first = this.heap[0];
    return first !== undefined && first.at <= now;
  }

  private restoreOnRollback(): void {
    const before = [...this.heap];
    this.onRollback(() => {
      this.heap = before;
    });
  }
}
