import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff, createDelivery } from './delivery.ts';
import { createQueue, messageIdOf } from './queue.ts';
import { fakeStorage } from './testing/fake-storage.ts';
import type { Answer } from './transport.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A delivery whose gateway gives the answers listed, then 200 for ever; `random` is at its middle. */
function setUp(answers: readonly Partial<Answer>[] = [], alone = (run: () => Promise<void>) => run()) {
  const script = [...answers];
  const posted: string[][] = [];
  const beaconed: string[][] = [];
  const answered: number[] = [];
  let online = true;
  let room = Number.POSITIVE_INFINITY;
  const queue = createQueue(fakeStorage(), 'queue.', () => {});
  const delivery = createDelivery({
    queue_: queue,
    batchSize: 3,
    flushInterval: 1_000,
    random_: () => 0.5,
    online_: () => online,
    alone_: alone,
    onFailure_: () => {},
    onAnswer_: (answer) => answered.push(answer.status_),
    transport_: {
      async post_(events) {
        posted.push(events.map(messageIdOf));
        const answer = { status_: 200, ...script.shift() };
        await new Promise((resolve) => setTimeout(resolve, 100));
        return answer;
      },
      beacon_(events) {
        if (events.length > room) return false;
        room -= events.length;
        beaconed.push(events.map(messageIdOf));
        return true;
      },
    },
  });
  let count = 0;
  return {
    delivery,
    queue,
    posted,
    beaconed,
    answered,
    goOffline() {
      online = false;
    },
    goOnline() {
      online = true;
    },
    limitBeacons(events: number) {
      room = events;
    },
    track(times = 1) {
      for (let n = 0; n < times; n++) {
        queue.add_({ messageId: `e${++count}` });
        delivery.wake_();
      }
    },
  };
}

describe('batches', () => {
  it('wait for the interval, counted from the first event', async () => {
    const { track, posted } = setUp();
    track();
    await vi.advanceTimersByTimeAsync(900);
    track();
    expect(posted).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(posted).toEqual([['e1', 'e2']]);
  });

  it('go at once when full, one request at a time, in order, until none waits', async () => {
    const { track, posted, queue } = setUp();
    track(7);
    expect(posted).toEqual([['e1', 'e2', 'e3']]);
    await vi.advanceTimersByTimeAsync(200);
    expect(posted).toEqual([['e1', 'e2', 'e3'], ['e4', 'e5', 'e6'], ['e7']]);
    await vi.advanceTimersByTimeAsync(100);
    expect(queue.size_()).toBe(0);
  });

  it('all go at a flush, which resolves when they have been answered', async () => {
    const { track, posted, delivery, queue } = setUp();
    track(4);
    const flushed = delivery.flush_();
    await vi.advanceTimersByTimeAsync(200);
    await flushed;
    expect(posted).toEqual([['e1', 'e2', 'e3'], ['e4']]);
    expect(queue.size_()).toBe(0);
  });
});

describe('a gateway that cannot take them', () => {
  it.each([0, 408, 429, 500, 503])(
    'is tried again after %i, ever later, with the same events',
    async (status) => {
      const { track, posted, queue } = setUp([{ status_: status }, { status_: status }, { status_: status }]);
      track(3);
      await vi.advanceTimersByTimeAsync(100 + 749);
      expect(posted).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(posted).toHaveLength(2);
      await vi.advanceTimersByTimeAsync(100 + 1_500);
      expect(posted).toHaveLength(3);
      await vi.advanceTimersByTimeAsync(100 + 3_000 + 100);
      expect(posted).toEqual(Array(4).fill(['e1', 'e2', 'e3']));
      expect(queue.size_()).toBe(0);
    },
  );

  it('is left alone as long as it asks', async () => {
    const { track, posted } = setUp([{ status_: 429, retryAfterMs_: 30_000 }]);
    track(3);
    await vi.advanceTimersByTimeAsync(30_099);
    expect(posted).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(posted).toHaveLength(2);
  });

  it('is tried again within the hour, whatever it asks', async () => {
    const { track, posted } = setUp([{ status_: 503, retryAfterMs_: 2 ** 40 }]);
    track(3);
    await vi.advanceTimersByTimeAsync(3_600_100);
    expect(posted).toHaveLength(2);
  });

  it('is not hurried by new events or a flush', async () => {
    const { track, posted, delivery } = setUp([{ status_: 503 }]);
    track(3);
    await vi.advanceTimersByTimeAsync(100);
    track(5);
    await delivery.flush_();
    expect(posted).toHaveLength(1);
  });

  it('gets what piled up once it is back', async () => {
    const { track, posted, queue } = setUp([{ status_: 503 }]);
    track(8);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(posted.flat()).toEqual(['e1', 'e2', 'e3', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8']);
    expect(queue.size_()).toBe(0);
  });
});

it('does not send again what the gateway refused', async () => {
  const { track, posted, answered, queue } = setUp([{ status_: 401 }]);
  track(3);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(posted).toHaveLength(1);
  expect(answered).toEqual([401]);
  expect(queue.size_()).toBe(0);
});

describe('a page that goes away', () => {
  it('hands over what waits, and does not send it again', async () => {
    const { track, delivery, beaconed, posted } = setUp();
    track(2);
    delivery.leave_();
    delivery.leave_();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(beaconed).toEqual([['e1', 'e2']]);
    expect(posted).toEqual([]);
  });

  it('hands over what is in flight too, but keeps it until it is answered', async () => {
    const { track, delivery, beaconed, queue } = setUp();
    track(4);
    delivery.leave_();
    expect(beaconed).toEqual([['e1', 'e2', 'e3', 'e4']]);
    expect(queue.head_(9).map(messageIdOf)).toEqual(['e1', 'e2', 'e3']);
    await vi.advanceTimersByTimeAsync(100);
    expect(queue.size_()).toBe(0);
  });

  it('keeps all of it when the gateway does not answer', async () => {
    const { track, delivery, beaconed, queue } = setUp([{ status_: 0 }]);
    track(3);
    await vi.advanceTimersByTimeAsync(100);
    delivery.leave_();
    expect(beaconed).toEqual([['e1', 'e2', 'e3']]);
    expect(queue.size_()).toBe(3);
  });

  it('hands over once what it keeps', () => {
    const { track, delivery, beaconed, goOffline } = setUp();
    goOffline();
    track(1);
    delivery.leave_();
    track(1);
    delivery.leave_();
    expect(beaconed).toEqual([['e1'], ['e2']]);
  });

  it('keeps all of it when there is no network', async () => {
    const { track, delivery, queue, goOffline } = setUp();
    track(2);
    goOffline();
    delivery.leave_();
    expect(queue.size_()).toBe(2);
  });

  it('hands over by halves what is too much for one beacon, and keeps the rest', () => {
    const { delivery, beaconed, queue, limitBeacons } = setUp();
    for (let n = 0; n < 8; n++) queue.add_({ messageId: `q${n}` });
    limitBeacons(5);
    delivery.leave_();
    expect(beaconed).toEqual([['q0', 'q1', 'q2', 'q3']]);
    expect(queue.size_()).toBe(4);
  });
});

it('does not ask a network that is not there, and sends at once when it is back', async () => {
  const { track, delivery, posted, goOffline, goOnline } = setUp();
  goOffline();
  track(3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(posted).toEqual([]);
  goOnline();
  delivery.retry_();
  expect(posted).toEqual([['e1', 'e2', 'e3']]);
});

it('waits for its turn while another tab sends, and then sends what is left', async () => {
  let turn = (): void => {};
  const { track, posted, queue } = setUp([], (run) =>
    new Promise<void>((resolve) => {
      turn = resolve;
    }).then(run),
  );
  track(3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(posted).toEqual([]);
  queue.remove_(queue.head_(2));
  turn();
  await vi.advanceTimersByTimeAsync(0);
  expect(posted).toEqual([['e3']]);
});

it('doubles the wait up to a minute, half of it by chance', () => {
  expect([backoff(0, 0), backoff(0, 0.999)].map(Math.round)).toEqual([500, 1_000]);
  expect([backoff(3, 0), backoff(30, 1)]).toEqual([4_000, 60_000]);
});
