import { describe, expect, test } from 'vitest';
import { DEFAULT_SCHEDULE, parseRetryAfter, retryDelay } from './retry-schedule.ts';

const NOW = Date.UTC(2026, 5, 6);

describe('the wait before a retry', () => {
  test('lies anywhere below a ceiling that grows with each failure', () => {
    const ceilings = [1, 2, 3, 4].map((failures) => retryDelay(DEFAULT_SCHEDULE, failures, undefined, 1));
    expect(ceilings).toEqual([4_000, 16_000, 64_000, 256_000]);
    expect(retryDelay(DEFAULT_SCHEDULE, 3, undefined, 0)).toBe(0);
    expect(retryDelay(DEFAULT_SCHEDULE, 3, undefined, 0.25)).toBe(16_000);
  });

  test('never exceeds the cap, however many failures', () => {
    expect(retryDelay(DEFAULT_SCHEDULE, 500, undefined, 1)).toBe(DEFAULT_SCHEDULE.capMs);
  });

  test('is never shorter than the vendor asks', () => {
    expect(retryDelay(DEFAULT_SCHEDULE, 1, 30_000, 1)).toBe(30_000);
    expect(retryDelay(DEFAULT_SCHEDULE, 4, 30_000, 1)).toBe(256_000);
  });
});

test.each<[string | undefined, number | undefined]>([
  ['120', 120_000],
  [' 0 ', 0],
  [new Date(NOW + 90_000).toUTCString(), 90_000],
  [new Date(NOW - 90_000).toUTCString(), 0],
  ['999999999999', 86_400_000],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j means %j ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW)).toBe(expected);
});
