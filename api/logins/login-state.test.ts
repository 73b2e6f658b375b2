import { describe, expect, it } from 'vitest';
import type { LoginEvent } from '../../schemas/index.ts';
import { LOCKED_MS, LoginState, MAX_ATTEMPTS, REFRESH_MS, SESSION_MS } from './login-state.ts';

const event = (fields: Partial<LoginEvent> & Pick<LoginEvent, 'kind' | 'time'>): LoginEvent => ({
  account: null,
  userId: null,
  sessionId: null,
  generation: 0,
  ...fields,
});

describe('attempts', () => {
  const attempt = (time: number, account = 'a'): LoginEvent => event({ kind: 'attempted', account, time });
  const tryAll = (state: LoginState, times: readonly number[]): boolean[] =>
    times.map((time) => state.apply(attempt(time)));

  it('count until there are too many, and again when the lock is over', () => {
    const state = new LoginState();
    const times = [0, 1, 2, 3, 4, 5, 6, 4 + LOCKED_MS - 1, 4 + LOCKED_MS, 5 + LOCKED_MS];
    expect(MAX_ATTEMPTS).toBe(5);
    expect(tryAll(state, times)).toEqual([true, true, true, true, true, false, false, false, true, true]);
  });

  it('during a lock do not lengthen it', () => {
    const state = new LoginState();
    tryAll(state, [0, 0, 0, 0, 0, LOCKED_MS - 1]);
    expect(state.apply(attempt(LOCKED_MS))).toBe(true);
  });

  it('that are far apart do not add up', () => {
    const times = Array.from({ length: 20 }, (_, index) => index * LOCKED_MS);
    expect(tryAll(new LoginState(), times)).not.toContain(false);
  });

  it('are forgotten after a login', () => {
    const state = new LoginState();
    tryAll(state, [0, 1, 2, 3]);
    state.apply(event({ kind: 'started', account: 'a', userId: 'u', sessionId: 's', time: 4 }));
    expect(tryAll(state, [5, 6, 7, 8, 9, 10])).toEqual([true, true, true, true, true, false]);
  });

  it('on one account do not lock another', () => {
    const state = new LoginState();
    tryAll(state, [0, 0, 0, 0, 0]);
    expect(state.apply(attempt(1, 'b'))).toBe(true);
  });
});

describe('sessions', () => {
  const start = (sessionId: string, time = 0, userId = 'u'): LoginEvent =>
    event({ kind: 'started', userId, sessionId, time });
  const refresh = (sessionId: string, generation: number, time = 1): LoginEvent =>
    event({ kind: 'refreshed', sessionId, generation, time });

  it('take each refresh token once, in order', () => {
    const state = new LoginState();
    const events = [
      start('s'),
      refresh('s', 1),
      refresh('s', 1),
      refresh('s', 3),
      refresh('s', 2),
      refresh('x', 1),
    ];
    expect(events.map((each) => state.apply(each))).toEqual([true, true, false, false, true, false]);
    expect(state.session('s', 1)?.generation).toBe(2);
  });

  it('end by themselves when they are not refreshed', () => {
    const state = new LoginState();
    state.apply(start('s'));
    expect(state.session('s', REFRESH_MS - 1)).toBeDefined();
    expect(state.session('s', REFRESH_MS)).toBeUndefined();
    expect(state.apply(refresh('s', 1, REFRESH_MS))).toBe(false);
  });

  it('end in any case some time after the login', () => {
    const state = new LoginState();
    state.apply(start('s'));
    let time = 0;
    for (let generation = 1; time + REFRESH_MS - 1 < SESSION_MS; generation++) {
      time += REFRESH_MS - 1;
      expect(state.apply(refresh('s', generation, time))).toBe(true);
    }
    expect(state.session('s', SESSION_MS - 1)).toBeDefined();
    expect(state.session('s', SESSION_MS)).toBeUndefined();
  });

  it('end one by one, or all of a user', () => {
    const state = new LoginState();
    for (const each of [start('a'), start('b'), start('c'), start('other', 0, 'v')]) state.apply(each);
    expect(state.apply(event({ kind: 'ended', sessionId: 'a', time: 1 }))).toBe(true);
    expect(state.apply(event({ kind: 'ended', sessionId: 'a', time: 1 }))).toBe(false);
    expect([state.session('a', 1), state.session('b', 1)?.userId]).toEqual([undefined, 'u']);
    state.apply(event({ kind: 'revoked', userId: 'u', time: 2 }));
    expect(['b', 'c'].map((id) => state.session(id, 2))).toEqual([undefined, undefined]);
    expect(state.session('other', 2)?.userId).toBe('v');
    expect(state.apply(refresh('b', 1, 3))).toBe(false);
  });
});
