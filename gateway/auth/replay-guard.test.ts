import { describe, expect, it } from 'vitest';
import { ReplayGuard, SIGNATURE_WINDOW_MS } from './replay-guard.ts';

const NOW = 1_800_000_000_000;

describe('ReplayGuard', () => {
  it('takes a signature once, until it was released', () => {
    const guard = new ReplayGuard();
    expect([guard.claim('a', NOW, NOW), guard.claim('a', NOW, NOW + 1000)]).toEqual(['new', 'seen']);
    guard.release('a', NOW);
    expect(guard.claim('a', NOW, NOW + 2000)).toBe('new');
  });

  it('remembers one from a fast clock for as long as it would be accepted', () => {
    const guard = new ReplayGuard();
    const ahead = NOW + SIGNATURE_WINDOW_MS;
    expect(guard.claim('a', ahead, NOW)).toBe('new');
    expect(guard.claim('b', ahead, ahead + SIGNATURE_WINDOW_MS - 1)).toBe('new');
    expect(guard.claim('a', ahead, ahead + SIGNATURE_WINDOW_MS - 1)).toBe('seen');
  });

  it('forgets the oldest when it is full, and then takes nothing as old as they', () => {
    const guard = new ReplayGuard(100);
    const at = (second: number) => NOW + second * 1000;
    for (let second = 0; second < 250; second++) {
      expect(guard.claim(`s${second}`, at(second), at(second))).toBe('new');
    }
    for (let second = 0; second < 250; second++) {
      expect(guard.claim(`s${second}`, at(second), at(250))).not.toBe('new');
    }
    expect(guard.claim('late', at(100), at(250))).toBe('too old');
    expect(guard.claim('recent', at(200), at(250))).toBe('new');
  });
});
