import { expect, it } from 'vitest';
import { currentLanding } from './landing.ts';
import { fakeStorage } from './testing/fake-storage.ts';

const visit = (...searches: string[]) => {
  const tab = fakeStorage();
  return searches.map((search) => currentLanding(search, tab, 'landing'));
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
