import { expect, it } from 'vitest';
import { createQueue, messageIdOf, type Queue } from './queue.ts';
import { fakeArea, fakeStorage } from './testing/fake-storage.ts';

const noDrops = () => expect.unreachable('nothing may be dropped');
const ids = (queue: Queue) => queue.head_(10_000, true).map(messageIdOf);
const event = (messageId: string, more: object = {}) => ({ messageId, ...more });

it('gives events in the order they came', () => {
  const queue = createQueue(fakeStorage(), 'queue.', noDrops);
  for (const id of ['c', 'a', 'b']) queue.add_(event(id));
  expect(ids(queue)).toEqual(['c', 'a', 'b']);
  expect(queue.head_(2)).toHaveLength(2);
});

it('holds what an event was when it was added', () => {
  const queue = createQueue(fakeStorage(), 'queue.', noDrops);
  const properties = { price: 1 };
  queue.add_(event('a', { properties }));
  properties.price = 2;
  expect(JSON.parse(queue.head_(1)[0]?.json_ ?? '')).toEqual({ messageId: 'a', properties: { price: 1 } });
});

it('hands what was not removed to the next page, in order', () => {
  const area = fakeArea();
  const first = createQueue(fakeStorage(area), 'queue.', noDrops);
  for (let n = 0; n < 12; n++) first.add_(event(`e${n}`));
  first.remove_(first.head_(2));
  const next = createQueue(fakeStorage(area), 'queue.', noDrops);
  expect(next.head_(100).map(messageIdOf)).toEqual(Array.from({ length: 10 }, (_, n) => `e${n + 2}`));
});

it('is one for all tabs, of which each knows its own', () => {
  const area = fakeArea();
  const [one, other] = [fakeStorage(area), fakeStorage(area)].map((storage) =>
    createQueue(storage, 'queue.', noDrops),
  );
  one?.add_(event('a'));
  other?.add_(event('b'));
  expect(one?.head_(9).map(messageIdOf).sort()).toEqual(['a', 'b']);
  expect(one?.head_(0, true).map(messageIdOf)).toEqual(['a']);
  other?.remove_(other.head_(9));
  expect(createQueue(fakeStorage(area), 'queue.', noDrops).size_()).toBe(0);
});

it('throws away stored values that are not JSON', () => {
  const area = fakeArea({
    'queue.1': 'nonsense',
    'queue.2': '',
    'queue.3.5.e': '{"messageId":"e"}',
    consent: '{}',
  });
  const queue = createQueue(fakeStorage(area), 'queue.', noDrops);
  expect(queue.head_(9).map(messageIdOf)).toEqual(['e']);
  expect(Object.keys(area)).toEqual(['queue.3.5.e', 'consent', 'taken']);
});

it('gives no more at a time than a beacon takes, and always one', () => {
  const queue = createQueue(fakeStorage(), 'queue.', noDrops);
  for (let n = 0; n < 4; n++) queue.add_(event(`e${n}`, { text: 'x'.repeat(25_000) }));
  expect(queue.head_(10).map(messageIdOf)).toEqual(['e0', 'e1']);
  expect(queue.head_(1)).toHaveLength(1);
});

it('drops the oldest beyond 1,000 events, and counts them', () => {
  const area = fakeArea();
  const storage = fakeStorage(area);
  let dropped = 0;
  const queue = createQueue(storage, 'queue.', () => dropped++);
  for (let n = 0; n < 1_003; n++) queue.add_(event(`e${n}`));
  expect([queue.size_(), dropped, Object.keys(area).length]).toEqual([1_000, 3, 1_000]);
  expect(ids(queue)[0]).toBe('e3');
});

it('drops the oldest beyond a million characters', () => {
  let dropped = 0;
  const queue = createQueue(fakeStorage(), 'queue.', () => dropped++);
  for (let n = 0; n < 40; n++) queue.add_(event(`e${n}`, { text: 'x'.repeat(30_000) }));
  expect(queue.size_()).toBe(33);
  expect(dropped).toBe(7);
});

it('refuses an event over 32 KB in UTF-8, or that JSON cannot say', () => {
  const queue = createQueue(fakeStorage(), 'queue.', noDrops);
  expect(() => queue.add_(event('a', { text: 'é'.repeat(16_000) }))).toThrow('32 KB');
  expect(() => queue.add_(event('b', { text: 10n }))).toThrow(TypeError);
  expect(queue.size_()).toBe(0);
});

it('gives an anonymousId to those without one, here and in storage', () => {
  const area = fakeArea();
  const storage = fakeStorage(area);
  const queue = createQueue(storage, 'queue.', noDrops);
  queue.add_(event('a'));
  queue.add_(event('b', { anonymousId: 'df_old' }));
  queue.attribute_('df_new');
  for (const each of [queue, createQueue(fakeStorage(area), 'queue.', noDrops)]) {
    expect(each.head_(2).map((queued) => JSON.parse(queued.json_).anonymousId)).toEqual(['df_new', 'df_old']);
  }
});
