import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigProjection, type ConfigState, decide, EMPTY_STATE, evolve } from '../../config/index.ts';
import { anyCommands } from '../../config/testing/any-command.ts';
import { EVERY_KIND } from '../../config/testing/every-kind.ts';
import {
  CATALOG,
  type CommandOptions,
  command,
  createSource,
  given,
  updateSource,
} from '../../config/testing/given.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { changesOf } from './changes-of-events.ts';
import { fieldDiff } from './field-diff.ts';
import { resourceView } from './resource-view.ts';

function eventsOf(commands: readonly CommandOptions[]): ConfigEvent[] {
  let state = EMPTY_STATE;
  return commands.flatMap((options) => {
    const decision = decide(state, command(options), { catalog: CATALOG });
    if ('rejection' in decision) return [];
    state = decision.events.reduce(evolve, state);
    return [...decision.events];
  });
}

/** Throws unless each event changed what is shown of its own resource only, by that one's events alone. */
function expectOwn(events: readonly ConfigEvent[]): void {
  let state = EMPTY_STATE;
  const own = new Map<string, ConfigState>();
  for (const event of events) {
    const before = state;
    state = evolve(state, event);
    own.set(event.resourceId, evolve(own.get(event.resourceId) ?? EMPTY_STATE, event));
    for (const [id, alone] of own) {
      const shown = resourceView(state, id);
      expect(resourceView(alone, id)).toEqual(shown);
      if (id !== event.resourceId) expect(resourceView(before, id)).toEqual(shown);
    }
  }
}

function projectionOf(events: readonly ConfigEvent[]): ConfigProjection {
  const projection = new ConfigProjection();
  for (const event of events) projection.apply(event);
  return projection;
}

describe('an event', () => {
  it('changes what is shown of its own resource, and of no other', () => {
    expectOwn(eventsOf(EVERY_KIND));
    fc.assert(
      fc.property(anyCommands, (commands) => expectOwn(eventsOf(commands))),
      { numRuns: 30 },
    );
  });

  it('is shown with what it changed, whichever others are shown with it', async () => {
    const events = eventsOf(EVERY_KIND);
    const projection = projectionOf(events);
    await fc.assert(
      fc.asyncProperty(fc.subarray(events), async (some) => {
        const changes = await changesOf(projection, some);
        for (const { sequence, resourceId: id } of some)
          expect(changes.get(sequence)).toEqual(
            fieldDiff(
              resourceView(projection.at(sequence - 1), id),
              resourceView(projection.at(sequence), id),
            ),
          );
      }),
      { numRuns: 30 },
    );
  });

  it('costs no folding of all that lies between it and the next one that is shown', async () => {
    const MANY = 5_000;
    const { events } = given(
      createSource('src_a', { name: 'A' }),
      createSource('src_b', { name: 'B' }),
      ...Array.from({ length: MANY }, (_, i) =>
        updateSource(i % 1000 === 0 ? 'src_a' : 'src_b', { name: `N ${i}` }),
      ),
    );
    const projection = projectionOf(events);
    let unpacked = 0;
    const counting = {
      nearest: (version: number) => projection.nearest(version),
      headsBetween: (from: number, to: number) => projection.headsBetween(from, to),
      event: (sequence: number) => {
        unpacked++;
        return projection.event(sequence);
      },
    };
    const some = events.filter(({ resourceId }) => resourceId === 'src_a');
    const changes = await changesOf(counting, some);
    expect(changes.get(some.at(-1)?.sequence ?? 0)).toEqual([
      { path: 'name', before: `N ${MANY - 2000}`, after: `N ${MANY - 1000}` },
    ]);
    expect(unpacked).toBeLessThanOrEqual(some.length);
  });
});
