import { expect, it } from 'vitest';
import { EMPTY_STATE } from '../config/index.ts';
import { memoryRegistry } from '../streams/index.ts';
import { SuspendingDriver, type SuspendingOptions } from '../streams/testing/suspending-driver.ts';
import { processEvents } from './process-events.ts';
import { recordSerdes } from './record-serdes.ts';
import { rawEvent, trackEvent } from './testing/events.ts';

const DAY = 24 * 3_600_000;
const consent = { categories: { C0002: true }, canonical: {} };

/** Of three visitors over ten days: some messages come twice, and consent is said now and then. */
const events = Array.from({ length: 60 }, (_, i) => ({
  event: trackEvent({
    messageId: `evt_${i % 7 === 0 ? i - (i > 0 ? 1 : 0) : i}`,
    anonymousId: `df_${i % 7 === 0 ? (i + 2) % 3 : i % 3}`,
    ...(i % 20 === 0 ? { type: 'consent', event: null, context: { consent } } : {}),
  }),
  receivedAt: Math.floor(i / 2) * (DAY / 3),
}));

async function run(options: SuspendingOptions) {
  const serdes = await recordSerdes(memoryRegistry());
  const topology = processEvents({ serdes, rulesAt: () => EMPTY_STATE, pipelinesOf: () => [] });
  const driver = await SuspendingDriver.start(topology, options);
  for (const { event, receivedAt } of events)
    await driver.send({
      topic: 'raw-events',
      key: Buffer.from(event.anonymousId),
      value: serdes.rawEvent.serialize(rawEvent(event, { receivedAt })),
      timestamp: receivedAt,
      headers: [],
    });
  const written = driver.written
    .filter(({ topic }) => topic === 'enriched-events' || topic === 'delivery-results')
    .map(({ topic, key, value }) => [topic, key, value]);
  return { written, suspensions: driver.suspensions };
}

const ALL_AT_HAND = { maxEntriesPerStore: 1_000, commitEvery: 1_000, prefetch: true };

it.each([
  ['read on demand', { maxEntriesPerStore: 1, commitEvery: 1, prefetch: false }],
  ['read ahead', { maxEntriesPerStore: 0, commitEvery: 3, prefetch: true }],
  ['restarted all the time', { maxEntriesPerStore: 9, commitEvery: 2, prefetch: true, restartEvery: 1 }],
])('events come to the same with state that is %s', async (_, options) => {
  const { written } = await run(ALL_AT_HAND);
  const filtered = written.filter(([topic]) => topic === 'delivery-results');
  expect(filtered.length).toBeGreaterThan(3);
  expect((await run(options)).written).toEqual(written);
});

it('no event waits for state that was read ahead', async () => {
  const options = { maxEntriesPerStore: 0, commitEvery: 1, prefetch: true };
  expect((await run(options)).suspensions).toBe(0);
  expect((await run({ ...options, prefetch: false })).suspensions).toBeGreaterThan(events.length / 2);
});
