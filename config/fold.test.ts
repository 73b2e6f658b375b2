import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigEvent } from '../schemas/index.ts';
import { decide } from './decide.ts';
import { evolve, fold, showEvent } from './evolve.ts';
import { COMMAND_KINDS } from './kinds/index.ts';
import { commandIn } from './payload.ts';
import { EMPTY_STATE } from './state.ts';
import { anyCommand, anyCommands } from './testing/any-command.ts';
import { EVERY_KIND } from './testing/every-kind.ts';
import { CATALOG, type CommandOptions, command } from './testing/given.ts';
import { assertInvariants } from './testing/invariants.ts';
import { plain } from './testing/plain.ts';

/** Sealed texts, hashes of tokens and invitations, hashes of passwords. */
const SECRETS = /v1\.sec_[\w.]+|\b[0-9a-f]{64}\b|\$argon2id\$[^"]+/g;

/** The events of those that were accepted. */
function run(
  commands: readonly CommandOptions[],
  check = (_: typeof EMPTY_STATE): void => {},
): ConfigEvent[] {
  const events: ConfigEvent[] = [];
  let state = EMPTY_STATE;
  for (const options of commands) {
    const decision = decide(state, command(options), { catalog: CATALOG });
    if ('rejection' in decision) continue;
    events.push(...decision.events);
    state = fold(state, decision.events);
    check(state);
  }
  return events;
}

describe('folding', () => {
  it('any prefix and then the rest gives what folding all gives', () => {
    fc.assert(
      fc.property(anyCommands, fc.nat(), (commands, cut) => {
        const events = run(commands);
        const at = cut % (events.length + 1);
        const prefix = fold(EMPTY_STATE, events.slice(0, at));
        expect(plain(fold(prefix, events.slice(at)))).toEqual(plain(fold(EMPTY_STATE, events)));
      }),
    );
  });

  it('gives the same from the same log, in the form that is stored as well', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => {
        const events = run(commands);
        const stored: ConfigEvent[] = JSON.parse(JSON.stringify(events));
        expect(fold(EMPTY_STATE, stored)).toEqual(fold(EMPTY_STATE, events));
      }),
    );
  });

  it('leaves the state it began from as it was', () => {
    fc.assert(
      fc.property(anyCommands, fc.nat(), (commands, cut) => {
        const events = run(commands);
        const at = cut % (events.length + 1);
        const before = fold(EMPTY_STATE, events.slice(0, at));
        const frozen = plain(before);
        fold(before, events.slice(at));
        expect(plain(before)).toEqual(frozen);
      }),
    );
  });

  it('numbers events from 1 without a gap, and those of each resource as well', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => {
        const events = run(commands);
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
        for (const id of new Set(events.map((event) => event.resourceId))) {
          const own = events.filter((event) => event.resourceId === id);
          expect(own.map((event) => event.resourceVersion)).toEqual(own.map((_, index) => index + 1));
        }
      }),
    );
  });

  it('never throws on an event that was written, in whatever state', () => {
    fc.assert(
      fc.property(anyCommands, fc.infiniteStream(fc.nat()), (commands, picks) => {
        const events = run(commands);
        let state = EMPTY_STATE;
        for (const _ of events) {
          const event = events[(picks.next().value ?? 0) % events.length]!;
          state = evolve(state, event);
          showEvent(event);
        }
      }),
    );
  });
});

describe('an event as it is shown', () => {
  it('has nothing in it that is sealed, or that guesses could be tried on', () => {
    const events = run(EVERY_KIND);
    const secrets = [...new Set(JSON.stringify(events).match(SECRETS))];
    // Of an integration, of its new credentials, of a password, a token and an invitation.
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    const shown = JSON.stringify(events.map(showEvent));
    expect(secrets.filter((each) => shown.includes(each))).toEqual([]);
  });
});

describe('an accepted command', () => {
  it('never breaks an invariant', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => void run(commands, assertInvariants)),
      { numRuns: 300 },
    );
  });

  it('is of any kind there is, in what these properties try', () => {
    const accepted = new Map<string, number>();
    fc.assert(
      fc.property(anyCommands, (commands) => {
        let state = EMPTY_STATE;
        for (const options of commands) {
          const decision = decide(state, command(options), { catalog: CATALOG });
          if ('rejection' in decision) continue;
          state = fold(state, decision.events);
          const { name } = commandIn(options.payload);
          accepted.set(name, (accepted.get(name) ?? 0) + 1);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(Object.keys(COMMAND_KINDS).filter((name) => !accepted.has(name))).toEqual([]);
  });

  it('that is refused on the version it expects is not looked at any further', () => {
    fc.assert(
      fc.property(anyCommands, anyCommand, fc.nat({ max: 20 }), (commands, options, expectedVersion) => {
        const state = fold(EMPTY_STATE, run(commands));
        const version = state.resourceVersions.get(options.resourceId) ?? 0;
        const asked = command({ ...options, expectedVersion });
        const decision = decide(state, asked, { catalog: CATALOG });
        const conflicts = 'rejection' in decision && decision.rejection.code === 'VERSION_CONFLICT';
        expect(conflicts).toBe(version !== expectedVersion);
      }),
    );
  });
});
