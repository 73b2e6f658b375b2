import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigEvent } from '../schemas/index.ts';
import { EventHistory } from './event-history.ts';
import { showEvent } from './evolve.ts';
import { EVERY_KIND } from './testing/every-kind.ts';
import { createSource, given } from './testing/given.ts';
import { storedLogs } from './testing/stored-log.ts';

/** More than the last packs that are kept unpacked. */
const MANY = 2500;
const { events: EVENTS } = given(...Array.from({ length: MANY }, (_, i) => createSource(`src_${i}`)));

function historyOf(events: readonly ConfigEvent[], first = 1): EventHistory {
  const history = new EventHistory(first);
  for (const event of events) history.push(event);
  return history;
}

/** So often that all of them are packed. */
const repeated = (events: readonly ConfigEvent[]): ConfigEvent[] =>
  Array.from({ length: 256 }, () => events).flat();

describe('EventHistory', () => {
  it('gives back any event, however long ago, in any order', () => {
    const history = historyOf(EVENTS);
    expect(history.next).toBe(MANY + 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MANY }), (sequence) => {
        expect(history.get(sequence)).toEqual(EVENTS[sequence - 1]);
      }),
    );
    for (const none of [-1, 0, MANY + 1, MANY + 1000]) expect(history.get(none)).toBeUndefined();
  });

  it('may begin anywhere', () => {
    const history = historyOf(EVENTS.slice(1000), 1001);
    for (const sequence of [1001, 1256, 1257, 1512, 1513, MANY])
      expect(history.get(sequence)).toEqual(EVENTS[sequence - 1]);
    expect(history.get(1000)).toBeUndefined();
    expect(history.headsBetween(900, 1003).map(({ sequence }) => sequence)).toEqual([1001, 1002]);
    expect(history.headsBetween(0, 1001)).toEqual([]);
  });

  it('has of each event at hand what it is looked for by', () => {
    const { events } = given(...EVERY_KIND);
    const history = historyOf(events);
    expect(history.headsBetween(1, events.length + 1)).toEqual(
      events.map((event) => ({
        sequence: event.sequence,
        time: event.time,
        actor: event.actor,
        resourceId: event.resourceId,
        label: showEvent(event).label,
      })),
    );
  });

  it('gives every kind of event back as it was', () => {
    const { events } = given(...EVERY_KIND);
    const history = historyOf(repeated(events));
    for (const [index, event] of events.entries()) expect(history.get(index + 1)).toStrictEqual(event);
  });

  it('gives back what was read from logs, as they were ever written', async () => {
    for (const { events } of await storedLogs()) {
      const history = historyOf(repeated(events));
      for (const [index, event] of events.entries()) expect(history.get(index + 1)).toEqual({ ...event });
    }
  });
});
