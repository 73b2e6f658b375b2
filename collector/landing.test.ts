import { expect, it } from 'vitest';
import { currentLanding, readLanding } from './landing.ts';
import { fakeStorage } from './testing/fake-storage.ts';

it('reads the campaign from the UTM parameters', () => {
  const search =
    '?utm_source=google&utm_medium=cpc&utm_campaign=brand-2026&utm_term=a+b&utm_content=c%26d&utm_id=9';
  expect(readLanding(search)).toEqual({
    campaign: { source: 'google', medium: 'cpc', name: 'brand-2026', term: 'a b', content: 'c&d' },
  });
});

it('reads click ids, whatever the case of their parameter', () => {
  expect(readLanding('?gclid=G1&ScCid=S1&fbclid=&li_fat_id=L1&q=shoes')).toEqual({
    clickIds: { gclid: 'G1', sccid: 'S1', li_fat_id: 'L1' },
  });
});

it('is absent where the address says neither', () => {
  expect(readLanding('?q=shoes&utm_source=')).toBeUndefined();
});

it('is kept for the pages after the landing page, until another one', () => {
  const tab = fakeStorage();
  expect(currentLanding('', tab)).toBeUndefined();
  currentLanding('?utm_source=google&gclid=1', tab);
  expect(currentLanding('?page=2', tab)).toEqual({
    campaign: { source: 'google' },
    clickIds: { gclid: '1' },
  });
  currentLanding('?utm_source=newsletter', tab);
  expect(currentLanding('', tab)).toEqual({ campaign: { source: 'newsletter' } });
});

it('cuts values that could not be real', () => {
  expect(readLanding(`?gclid=${'x'.repeat(5_000)}`)?.clickIds?.gclid).toHaveLength(1_000);
});
