import { expect, it } from 'vitest';
import { addConsent, readConsent } from './consent.ts';
import { fakeArea, fakeStorage } from './testing/fake-storage.ts';

const KEY = 'consent';

it('is unknown until something is decided', () => {
  const storage = fakeStorage();
  expect(readConsent(storage, KEY)).toBeUndefined();
  expect(addConsent(storage, KEY, {})).toBe(false);
  expect(readConsent(storage, KEY)).toBeUndefined();
});

it('adds later decisions to earlier ones, and says what is news', () => {
  const storage = fakeStorage();
  expect(addConsent(storage, KEY, { analytics: true, marketing: true })).toBe(true);
  expect(addConsent(storage, KEY, { marketing: true })).toBe(false);
  expect(addConsent(storage, KEY, { marketing: false })).toBe(true);
  expect(readConsent(storage, KEY)).toEqual({ analytics: true, marketing: false });
});

it('takes nothing but true and false for a decision', () => {
  const storage = fakeStorage();
  addConsent(storage, KEY, { analytics: 'false', marketing: 1, functional: null, personalization: false });
  expect(readConsent(storage, KEY)).toEqual({ personalization: false });
});

it.each(['nonsense', 'null', '[]', '"yes"', '{"analytics":"granted"}'])(
  'knows nothing from stored %s',
  (stored) => {
    expect(readConsent(fakeStorage(fakeArea({ consent: stored })), KEY)).toBeUndefined();
  },
);
