import { expect, it } from 'vitest';
import { addConsent, readConsent } from './consent.ts';
import { fakeStorage } from './testing/fake-storage.ts';

it('is unknown until something is decided', () => {
  const memory = fakeStorage();
  expect(readConsent(memory)).toBeUndefined();
  addConsent(memory, {});
  expect(readConsent(memory)).toBeUndefined();
});

it('adds later decisions to earlier ones', () => {
  const memory = fakeStorage();
  addConsent(memory, { analytics: true, marketing: true });
  addConsent(memory, { marketing: false });
  expect(readConsent(memory)).toEqual({ analytics: true, marketing: false });
});

it('takes nothing but true and false for a decision', () => {
  const memory = fakeStorage();
  addConsent(memory, { analytics: 'false', marketing: 1, functional: null, personalization: false });
  expect(readConsent(memory)).toEqual({ personalization: false });
});

it.each(['nonsense', 'null', '[]', '"yes"', '{"analytics":"granted"}'])(
  'knows nothing from stored %s',
  (stored) => {
    expect(readConsent(fakeStorage({ consent: stored }))).toBeUndefined();
  },
);
