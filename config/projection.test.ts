import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigEvent } from '../schemas/index.ts';
import { ConfigProjection, NotYetApplied, SequenceGap, SnapshotDiffers } from './projection.ts';
import { EMPTY_STATE } from './state.ts';
import { createSource, given } from './testing/given.ts';

/** More than all that is kept, so that checkpoints are thinned out as well. */
const MANY = 5000;
const { events: EVENTS } = given(...Array.from({ length: MANY }, (_, i) => createSource(`src_${i}`)));

function applied(events: readonly ConfigEvent[]): ConfigProjection {
  const projection = new ConfigProjection();
  for (const event of events) projection.apply(event);
  return projection;
}

describe('ConfigProjection', () => {
  it('begins empty at version 0', () => {
    const projection = new ConfigProjection();
    expect(projection.version).toBe(0);
    expect(projection.current).toBe(EMPTY_STATE);
    expect(projection.at(0)).toBe(EMPTY_STATE);
  });

  it('gives the state as of any version it has applied, however long ago', () => {
    const projection = applied(EVENTS);
    expect(projection.version).toBe(MANY);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MANY }), (version) => {
        const state = projection.at(version);
        expect(state.version).toBe(version);
        expect(state.sources.size).toBe(version);
        expect(state.sources.has(`src_${version - 1}`)).toBe(version > 0);
        expect(state.sources.has(`src_${version}`)).toBe(false);
      }),
    );
  });

  it('keeps the recent versions, so that asking for one costs nothing', () => {
    const projection = applied(EVENTS);
    expect(projection.at(MANY)).toBe(projection.current);
    expect(projection.at(MANY - 100)).toBe(projection.at(MANY - 100));
  });

  it.each([
    ['one left out', EVENTS[2]!],
    ['one that was applied already', EVENTS[0]!],
  ])('refuses %s', (_, event) => {
    const projection = applied(EVENTS.slice(0, 1));
    expect(() => projection.apply(event)).toThrow(SequenceGap);
    expect(projection.version).toBe(1);
  });

  it('says of a version to come when it will be applied', async () => {
    const projection = applied(EVENTS.slice(0, 1));
    let caught: unknown;
    try {
      projection.at(3);
    } catch (error) {
      caught = error;
    }
    if (!(caught instanceof NotYetApplied)) throw caught;
    const state = caught.whenApplied();
    for (const event of EVENTS.slice(1, 5)) projection.apply(event);
    expect((await state).version).toBe(3);
  });

  it.each([-1, 1.5, Number.NaN])('refuses %d, which is no version', (version) => {
    expect(() => applied(EVENTS.slice(0, 1)).at(version)).toThrow(RangeError);
  });

  it('tells who waits for a version once it is there, and at once if it is', async () => {
    const projection = applied(EVENTS.slice(0, 2));
    const waiting = Promise.all([2, 3, 3, 4].map((version) => projection.whenApplied(version)));
    projection.apply(EVENTS[2]!);
    projection.apply(EVENTS[3]!);
    expect((await waiting).map((state) => state.version)).toEqual([2, 3, 3, 4]);
  });

  it('tells subscribers of each event until they leave', () => {
    const projection = new ConfigProjection();
    const seen: number[] = [];
    const leave = projection.subscribe((state, event) => {
      expect(projection.current).toBe(state);
      seen.push(event.sequence);
    });
    projection.apply(EVENTS[0]!);
    projection.apply(EVENTS[1]!);
    leave();
    projection.apply(EVENTS[2]!);
    expect(seen).toEqual([1, 2]);
  });

  it('lists its events by range', () => {
    const projection = applied(EVENTS.slice(0, 10));
    expect(projection.eventsBetween(3, 6).map((event) => event.sequence)).toEqual([3, 4, 5]);
    expect(projection.eventsBetween(0, 3).map((event) => event.sequence)).toEqual([1, 2]);
    expect(projection.eventsBetween(9, 100).map((event) => event.sequence)).toEqual([9, 10]);
    expect(projection.eventsBetween(-5, -1)).toEqual([]);
  });
});

describe('a projection that begins with a snapshot', () => {
  const BASE = 2000;
  const withSnapshot = (to = MANY): ConfigProjection => {
    const projection = new ConfigProjection(applied(EVENTS.slice(0, BASE)).current);
    for (const event of EVENTS.slice(BASE, to)) projection.apply(event);
    return projection;
  };

  it('is what it would be without, from there on', () => {
    const projection = withSnapshot();
    expect([projection.version, projection.hasHistory]).toEqual([MANY, false]);
    expect(projection.current.sources.size).toBe(MANY);
    for (const version of [BASE, BASE + 1, 2777, 3500, MANY - 1])
      expect(projection.at(version).sources.size).toBe(version);
    expect(projection.eventsBetween(BASE + 1, BASE + 3)).toEqual(EVENTS.slice(BASE, BASE + 2));
    expect(projection.eventsBetween(5, 5)).toEqual([]);
  });

  it('has no past until it is given its events, and then all of it', async () => {
    const projection = withSnapshot();
    expect(() => projection.at(1234)).toThrow(NotYetApplied);
    expect(() => projection.eventsBetween(BASE, BASE + 2)).toThrow(NotYetApplied);
    let asked: number | undefined;
    try {
      projection.at(1234);
    } catch (error) {
      if (error instanceof NotYetApplied) void error.whenApplied().then(({ version }) => (asked = version));
    }
    const arrived = Promise.all([projection.whenHistory(), projection.whenApplied(7)]);
    for (const event of EVENTS.slice(0, BASE)) {
      expect(projection.hasHistory).toBe(false);
      projection.applyEarly(event);
    }
    expect((await arrived)[1].version).toBe(7);
    await Promise.resolve();
    expect([projection.hasHistory, asked]).toEqual([true, 1234]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MANY }), fc.nat({ max: 30 }), (version, more) => {
        expect(projection.at(version).sources.size).toBe(version);
        expect(projection.eventsBetween(version, version + more)).toEqual(
          EVENTS.slice(Math.max(version, 1) - 1, Math.max(version + more, 1) - 1),
        );
      }),
      { numRuns: 30 },
    );
    expect(() => projection.applyEarly(EVENTS[BASE] as ConfigEvent)).toThrow(SequenceGap);
  });

  it('finds out that the snapshot is not what the events come to', () => {
    const { events } = given(
      createSource('src_other'),
      ...EVENTS.slice(1, 3).map((_, i) => createSource(`src_${i}`)),
    );
    const projection = new ConfigProjection(applied(EVENTS.slice(0, 3)).current);
    projection.applyEarly(events[0] as ConfigEvent);
    projection.applyEarly(events[1] as ConfigEvent);
    expect(() => projection.applyEarly(events[2] as ConfigEvent)).toThrow(SnapshotDiffers);
    expect(projection.hasHistory).toBe(false);
  });

  it('is not given its past out of order', () => {
    expect(() => withSnapshot().applyEarly(EVENTS[1] as ConfigEvent)).toThrow(SequenceGap);
  });
});
