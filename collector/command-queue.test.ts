import { expect, it } from 'vitest';
import type { Datafly } from './api.ts';
import { replayCommands, runCommand } from './command-queue.ts';

function fakeApi() {
  const calls: unknown[][] = [];
  const api: Datafly = {
    version: '0',
    page: (...args) => void calls.push(['page', ...args]),
    track: (...args) => void calls.push(['track', ...args]),
    identify: (...args) => void calls.push(['identify', ...args]),
    group: (...args) => void calls.push(['group', ...args]),
    alias: (...args) => void calls.push(['alias', ...args]),
    reset: () => void calls.push(['reset']),
    setConsent: (...args) => void calls.push(['setConsent', ...args]),
    getAnonymousId: () => undefined,
    ready: (fn) => fn(),
    flush: async () => {},
    on: () => () => {},
    push(...commands) {
      for (const command of commands) runCommand(api, command);
    },
    debug: () => {},
  };
  return { api, calls };
}

it('makes the calls that waited, in their order', () => {
  const { api, calls } = fakeApi();
  replayCommands(
    [['setConsent', { analytics: true }], ['track', 'Signed Up', { plan: 'pro' }], ['reset']],
    api,
  );
  expect(calls).toEqual([
    ['setConsent', { analytics: true }],
    ['track', 'Signed Up', { plan: 'pro' }],
    ['reset'],
  ]);
});

it('makes calls pushed to the old array later at once, and each only once', () => {
  const { api, calls } = fakeApi();
  const stub: unknown[] = [['track', 'A']];
  replayCommands(stub, api);
  stub.push(['track', 'B'], ['track', 'C']);
  replayCommands(stub, api);
  expect(calls).toEqual([
    ['track', 'A'],
    ['track', 'B'],
    ['track', 'C'],
  ]);
});

it('leaves alone what is not such an array', () => {
  const { api, calls } = fakeApi();
  for (const other of [undefined, null, {}, 'text', () => {}]) replayCommands(other, api);
  expect(calls).toEqual([]);
});

it.each([[['nope']], [[]], [null], ['track'], [['version']]])('throws on %j', (command) => {
  expect(() => runCommand(fakeApi().api, command)).toThrow(TypeError);
});
