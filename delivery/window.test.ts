import { expect, test } from 'vitest';
import { ManualClock } from './testing/manual-clock.ts';
import { Window } from './window.ts';

const windowOf = (maxRequests: number, onRoom = () => {}) => {
  const clock = new ManualClock();
  return { clock, window: new Window(clock, maxRequests, onRoom) };
};

test('retries get half of the requests at most, and what is new gets the rest', () => {
  const { window } = windowOf(4);
  expect([1, 2, 3].map(() => window.takeRequest('retry'))).toEqual([true, true, false]);
  expect([1, 2, 3].map(() => window.takeRequest('first'))).toEqual([true, true, false]);
  window.returnRequest('first');
  expect(window.takeRequest('retry')).toBe(false);
  window.returnRequest('retry');
  expect(window.takeRequest('retry')).toBe(true);
});

test('retries get through even when one request is all there may be', () => {
  expect(windowOf(1).window.takeRequest('retry')).toBe(true);
});

test('twice as many batches may be recorded as sent', () => {
  const { window } = windowOf(1);
  for (let i = 0; i < 2; i++) {
    expect(window.hasRoomForBatch).toBe(true);
    window.addBatch();
  }
  expect(window.hasRoomForBatch).toBe(false);
  window.removeBatch();
  expect(window.hasRoomForBatch).toBe(true);
});

test('a pause holds all requests back, the longest asked for wins, and its end is told', () => {
  let told = 0;
  const { clock, window } = windowOf(2, () => told++);
  window.pause(2_000);
  window.pause(1_000);
  clock.advance(1_999);
  expect(window.takeRequest('first')).toBe(false);
  expect(told).toBe(0);
  clock.advance(1);
  expect(told).toBe(1);
  expect(window.takeRequest('first')).toBe(true);
});

test('a pause ends after five minutes, however long was asked', () => {
  const { clock, window } = windowOf(1);
  window.pause(86_400_000);
  clock.advance(300_000);
  expect(window.takeRequest('first')).toBe(true);
});
