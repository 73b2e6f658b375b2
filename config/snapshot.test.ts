import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { fold } from './evolve.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { type ConfigState, EMPTY_STATE } from './state.ts';
import { anyCommands } from './testing/any-command.ts';
import { EVERY_KIND } from './testing/every-kind.ts';
import { CATALOG, type CommandOptions, command } from './testing/given.ts';
import { plain } from './testing/plain.ts';

function stateAfter(commands: readonly CommandOptions[], from: ConfigState = EMPTY_STATE): ConfigState {
  return commands.reduce((state, options) => {
    const decision = decide(state, command(options), { catalog: CATALOG });
    return 'rejection' in decision ? state : fold(state, decision.events);
  }, from);
}

const restored = (state: ConfigState): ConfigState => {
  const read = readSnapshot(writeSnapshot(state) ?? '');
  if (read === undefined) throw new Error('there is no snapshot');
  return read;
};

describe('a snapshot', () => {
  it('gives back the state, with everything that any kind of event leaves in it', () => {
    const state = stateAfter(EVERY_KIND);
    expect(restored(state)).toEqual(state);
    expect(restored(EMPTY_STATE)).toEqual(EMPTY_STATE);
  });

  it('is gone on from as the state itself is', () => {
    fc.assert(
      fc.property(anyCommands, anyCommands, (before, after) => {
        const state = stateAfter(before);
        expect(plain(stateAfter(after, restored(state)))).toEqual(plain(stateAfter(after, state)));
      }),
    );
  });

  it('is none once it was changed, cut short, or comes from other code', () => {
    const text = writeSnapshot(stateAfter(EVERY_KIND)) ?? '';
    const [format, code, state] = JSON.parse(text);
    for (const other of [
      [format + 1, code, state],
      [format, 'other', state],
      [format, code, state.slice(0, -2)],
      [format, code, [9]],
      [format, code],
      {},
      null,
    ])
      expect(readSnapshot(JSON.stringify(other))).toBeUndefined();
    expect(readSnapshot(text.slice(0, -1))).toBeUndefined();
    expect(readSnapshot('')).toBeUndefined();
  });
});
