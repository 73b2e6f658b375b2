import type { Cancellable } from '../processor.ts';

interface Schedule {
  readonly intervalMs: number;
  readonly punctuator: (timestamp: number) => void;
  next: number;
  cancelled: boolean;
}

/**
 * The schedules of one time (stream or wall clock) of one task. A schedule is due when time reaches its next
 * multiple of the interval; it fires once however many multiples were passed.
 */
export class PunctuationQueue {
  private readonly schedules: Schedule[] = [];
  private readonly onRollback: (undo: () => void) => void;

  constructor(onRollback: (undo: () => void) => void) {
    this.onRollback = onRollback;
  }

  schedule(first: number, intervalMs: number, punctuator: (timestamp: number) => void): Cancellable {
    const schedule: Schedule = { intervalMs, punctuator, next: first, cancelled: false };
    this.schedules.push(schedule);
    this.onRollback(() => {
      this.schedules.splice(this.schedules.indexOf(schedule), 1);
    });
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
    for (const schedule of this.schedules)
      if (!schedule.cancelled && schedule.next < due) due = schedule.next;
    return due;
  }

  /** Fires what is due, in order of due time, then of scheduling. */
  punctuate(now: number): boolean {
    if (this.schedules.length === 0) return false;
    let fired = false;
    for (;;) {
      let due: Schedule | undefined;
      for (const schedule of this.schedules) {
        if (schedule.cancelled || schedule.next > now) continue;
        if (due === undefined || schedule.next < due.next) due = schedule;
      }
      if (due === undefined) return fired;
      const schedule = due;
      const previous = schedule.next;
      schedule.next += (Math.floor((now - previous) / schedule.intervalMs) + 1) * schedule.intervalMs;
      this.onRollback(() => {
        schedule.next = previous;
      });
      schedule.punctuator(now);
      fired = true;
    }
  }
}
