import { expect, it } from 'vitest';
import { currentLanding } from './landing.ts';
import { fakeStorage } from './testing/fake-storage.ts';

const MINUTE = 60_000;

/** What each page of a visit finds, the pages ten minutes apart. */
const visit = (...searches: string[]) => {
  const storage = fakeStorage();
  return searches.map((search, page) => currentLanding(search, storage, 'landing', page * 10 * MINUTE));
};

it.each([
  'utm_source=google',
  'a=1&UTM_Campaign=brand',
  ...[
    'gclid',
    'gbraid',
    'wbraid',
    'dclid',
    'fbclid',
    'ttclid',
    'epik',
    'ScCid',
    'li_fat_id',
    'msclkid',
    'twclid',
  ].map((name) => `${name}=1`),
])('keeps the query of an advertisement’s link for the visit: %s', (query) => {
  expect(visit(`?${query}`, '', '?page=2')).toEqual([`?${query}`, `?${query}`, `?${query}`]);
});

it('knows none before there was one, and the last of several', () => {
  expect(visit('', '?q=utm_source', '?utm_source=')).toEqual([undefined, undefined, undefined]);
  expect(visit('?utm_source=a', '?gclid=b')).toEqual(['?utm_source=a', '?gclid=b']);
});

it('cuts what no event could carry', () => {
  expect(visit(`?utm_source=${'x'.repeat(10_000)}`)[0]).toHaveLength(4_096);
});

it('forgets it half an hour after the last event', () => {
  const storage = fakeStorage();
  const at = (minutes: number, search = '') => currentLanding(search, storage, 'landing', minutes * MINUTE);
  expect([at(0, '?gclid=1'), at(29), at(58)]).toEqual(['?gclid=1', '?gclid=1', '?gclid=1']);
  expect([at(89), at(90)]).toEqual([undefined, undefined]);
});
