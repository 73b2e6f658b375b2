/** Time as delivery sees it, so that tests can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, not before `ms` have passed; returns how to call it off. */
  after(ms: number, callback: () => void): () => void;
}

/** Node's timers fire at once for anything longer than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
