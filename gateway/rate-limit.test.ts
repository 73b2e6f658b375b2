import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limit.ts';

describe('RateLimiter', () => {
  it('lets a second’s worth through at once, and then the rate', () => {
    const limiter = new RateLimiter();
    const passed = (now: number, tries: number) =>
      Array.from({ length: tries }, () => limiter.take('a', 10, now)).filter((wait) => wait === 0).length;
    expect(passed(0, 20)).toBe(10);
    expect(passed(500, 20)).toBe(5);
    expect(passed(60_000, 20)).toBe(10);
  });

  it('says after how many seconds the next one passes', () => {
    const limiter = new RateLimiter();
    expect(limiter.take('a', 0.1, 0)).toBe(9);
    expect(limiter.take('b', 1, 0)).toBe(0);
    expect(limiter.take('b', 1, 0)).toBe(1);
  });

  it('takes nothing away when the clock is set back', () => {
    const limiter = new RateLimiter();
    limiter.take('a', 2, 10_000);
    expect(limiter.take('a', 2, 5000)).toBe(0);
    expect(limiter.take('a', 2, 5500)).toBe(0);
  });

  it('remembers so many keys and no more, and forgets the one used longest ago', () => {
    const limiter = new RateLimiter(1000);
    for (let i = 0; i < 5000; i++) {
      limiter.take(`10.0.${i}`, 1, 0);
      limiter.take('busy', 1, 0);
    }
    expect(limiter.size).toBe(1000);
    expect(limiter.take('busy', 1, 0)).toBe(1);
    expect(limiter.take('10.0.4999', 1, 0)).toBe(1);
    expect(limiter.take('10.0.1', 1, 0)).toBe(0);
  });
});
