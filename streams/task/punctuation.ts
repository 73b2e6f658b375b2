import type { Cancellable } from '../processor.ts';

interface Schedule {
  readonly intervalMs: number;
  readonly punctuator: (timestamp: number) => void;
  cancelled: boolean;
}

interface Due {
  readonly schedule: Schedule;
  readonly at: number;
}

/**
 * The schedules of one time (stream or wall clock) of one task. A schedule is due when time reaches its next
 * multiple of the interval; it fires once however many multiples were passed.
 *
 * They wait in a binary heap that moves as Java's `PriorityQueue` does: of schedules that are due at the same time,
 * that decides which fires first in Kafka Streams, and so it does here.
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
    push(this.heap, { schedule, at: first });
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
      const { schedule, at } = pop(this.heap);
      if (schedule.cancelled) continue;
      schedule.punctuator(now);
      fired = true;
      const missed = Math.floor((now - at) / schedule.intervalMs);
      if (!schedule.cancelled) push(this.heap, { schedule, at: at + (missed + 1) * schedule.intervalMs });
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

function push(heap: Due[], due: Due): void {
  let hole = heap.length;
  while (hole > 0) {
    const above = (hole - 1) >>> 1;
    const parent = heap[above] as Due;
    if (due.at >= parent.at) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = due;
}

/** Takes the first out of a heap that is not empty. */
function pop(heap: Due[]): Due {
  const first = heap[0] as Due;
  const last = heap.pop() as Due;
  if (heap.length === 0) return first;
  let hole = 0;
  for (let below = 1; below < heap.length; below = 2 * hole + 1) {
    const right = heap[below + 1];
    if (right !== undefined && right.at < (heap[below] as Due).at) below++;
    const child = heap[below] as Due;
    if (last.at <= child.at) break;
    heap[hole] = child;
    hole = below;
  }
  heap[hole] = last;
  return first;
}
