/** When a failed request is made again. */
export interface RetrySchedule {
  /** Requests made for an event before it is given up, if its vendor says no other. */
  readonly maxAttempts: number;
  /** Ceiling of the first wait. */
  readonly baseMs: number;
  /** Each further ceiling is so many times the one before. */
  readonly factor: number;
  /** No ceiling is higher. */
  readonly capMs: number;
}

/** Waits of up to 4 s, 16 s, 64 s and 256 s. */
export const DEFAULT_SCHEDULE: RetrySchedule = {
  maxAttempts: 5,
  baseMs: 4_000,
  factor: 4,
  capMs: 6 * 3_600_000,
};

/** A vendor may ask for a longer wait than this; it does not get it. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Milliseconds to wait after the `failures`-th failure (1, 2, ...): exponential backoff with full jitter, so that
 * requests which failed together do not come back together, and never sooner than the vendor asked.
 *
 * @param random in [0, 1)
 */
export function retryDelay(
  schedule: RetrySchedule,
  failures: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const ceiling = Math.min(schedule.capMs, schedule.baseMs * schedule.factor ** (failures - 1));
  return Math.max(Math.round(random * ceiling), retryAfterMs ?? 0);
}

/** `Retry-After` as milliseconds from now: a number of seconds or an HTTP date (RFC 9110, 10.2.3); undefined if it is
 * neither, or missing. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  const ms = SECONDS.test(text)
    ? Number(text) * 1000
    : HTTP_DATE.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

const SECONDS = /^\d+$/;

/** All three forms begin with the day of the week; `Date.parse` alone would also take what is no date at all. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;
