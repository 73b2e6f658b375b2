import { expect, it } from 'vitest';
import { createQueue, type Queue } from './queue.ts';
import { fakeStorage } from './testing/fake-storage.ts';

const noDrops = () => expect.unreachable('nothing may be dropped');
const ids = (queue: Queue) => queue.head(queue.size).map((event) => event.messageId);
const event = (messageId: string, more: object = {}) => ({ messageId, ...more });

it('gives events in the order they came', () => {
  const queue = createQueue(fakeStorage(), noDrops);
  for (const id of ['c', 'a', 'b']) queue.add(event(id));
  expect(ids(queue)).toEqual(['c', 'a', 'b']);
  expect(queue.head(2)).toHaveLength(2);
});

it('holds what an event was when it was added', () => {
  const queue = createQueue(fakeStorage(), noDrops);
  const properties = { price: 1 };
  queue.add(event('a', { properties }));
  properties.price = 2;
  expect(JSON.parse(queue.head(1)[0]?.json ?? '')).toEqual({ messageId: 'a', properties: { price: 1 } });
});

it('hands what was not removed to the next page, in order', () => {
  const storage = fakeStorage();
  const first = createQueue(storage, noDrops);
  for (let n = 0; n < 12; n++) first.add(event(`e${n}`));
  first.remove(first.head(2));
  expect(ids(createQueue(storage, noDrops))).toEqual([
    'e2',
    'e3',
    'e4',
    'e5',
    'e6',
    'e7',
    'e8',
    'e9',
    'e10',
    'e11',
  ]);
});

it('does not take away what another tab stored', () => {
  const storage = fakeStorage();
  const [one, other] = [createQueue(storage, noDrops), createQueue(storage, noDrops)];
  one.add(event('a'));
  other.add(event('b'));
  one.remove(one.head(1));
  expect(ids(createQueue(storage, noDrops))).toEqual(['b']);
});

it('throws away stored values that are not events', () => {
  const storage = fakeStorage({
    'queue.1': 'nonsense',
    'queue.2': 'null',
    'queue.3': '{"messageId":7}',
    consent: '{}',
  });
  expect(createQueue(storage, noDrops).size).toBe(0);
  expect(storage.keys()).toEqual(['consent']);
});

it('drops the oldest beyond 1,000 events, and counts them', () => {
  const storage = fakeStorage();
  let dropped = 0;
  const queue = createQueue(storage, () => dropped++);
  for (let n = 0; n < 1_003; n++) queue.add(event(`e${n}`));
  expect([queue.size, dropped, storage.size()]).toEqual([1_000, 3, 1_000]);
  expect(ids(queue)[0]).toBe('e3');
});

it('drops the oldest beyond a million characters', () => {
  let dropped = 0;
  const queue = createQueue(fakeStorage(), () => dropped++);
  for (let n = 0; n < 40; n++) queue.add(event(`e${n}`, { text: 'x'.repeat(30_000) }));
  expect(queue.size).toBe(33);
  expect(dropped).toBe(7);
});

it('refuses an event over 32 KB in UTF-8, or that JSON cannot say', () => {
  const queue = createQueue(fakeStorage(), noDrops);
  expect(() => queue.add(event('a', { text: 'é'.repeat(16_000) }))).toThrow('32 KB');
  expect(() => queue.add(event('b', { text: 10n }))).toThrow(TypeError);
  expect(queue.size).toBe(0);
});

it('gives an anonymousId to those without one, here and in storage', () => {
  const storage = fakeStorage();
  const queue = createQueue(storage, noDrops);
  queue.add(event('a'));
  queue.add(event('b', { anonymousId: 'df_old' }));
  queue.attribute('df_new');
  for (const each of [queue, createQueue(storage, noDrops)]) {
    expect(each.head(2).map((queued) => JSON.parse(queued.json).anonymousId)).toEqual(['df_new', 'df_old']);
  }
});
