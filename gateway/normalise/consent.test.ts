import { describe, expect, it } from 'vitest';
import { readConsent } from './consent.ts';
import { Fields } from './fields.ts';

function read(value: unknown) {
  const fields = new Fields();
  return { ...readConsent(value, fields), problem: fields.problem };
}

describe('readConsent', () => {
  it('takes flat flags for categories and for canonical categories', () => {
    expect(read({ analytics: true, marketing: false, functional: true }).consent).toEqual({
      categories: { analytics: true, marketing: false, functional: true },
      canonical: { essential: true, analytics: true, marketing: false, functional: true },
    });
  });

  it('counts advertising as marketing', () => {
    expect(read({ advertising: true }).consent?.canonical).toEqual({ essential: true, marketing: true });
    expect(read({ advertising: false }).consent?.canonical).toEqual({ essential: true, marketing: false });
  });

  it('lets one grant do where several names mean one category', () => {
    expect(read({ marketing: false, advertising: true }).consent?.canonical.marketing).toBe(true);
    expect(read({ marketing: true, advertising: false }).consent?.canonical.marketing).toBe(true);
  });

  it('keeps a consent platform’s codes as they are, and canonical apart', () => {
    expect(
      read({ categories: { C0002: true, C0004: false }, canonical: { analytics: true } }).consent,
    ).toEqual({
      categories: { C0002: true, C0004: false },
      canonical: { essential: true, analytics: true },
    });
  });

  it('finds canonical names among the categories when canonical is not stated', () => {
    expect(read({ categories: { C0002: true, advertising: true } }).consent?.canonical).toEqual({
      essential: true,
      marketing: true,
    });
  });

  it('holds essential for granted even when a client denies it', () => {
    expect(read({ essential: false, analytics: true }).consent?.canonical.essential).toBe(true);
  });

  it.each([undefined, null, {}, { categories: {} }, { categories: null, canonical: null }])(
    'knows nothing from %j',
    (value) => {
      expect(read(value)).toEqual({ consent: null, rest: null, problem: undefined });
    },
  );

  it('hands back what is not a flag', () => {
    expect(read({ analytics: true, tcString: 'CPxyz' }).rest).toEqual({ tcString: 'CPxyz' });
    expect(read({ canonical: { analytics: true }, source: 'onetrust' }).rest).toEqual({ source: 'onetrust' });
  });

  it.each([
    ['yes', 'context.consent'],
    [[true], 'context.consent'],
    [{ analytics: 'granted' }, 'context.consent.analytics'],
    [{ analytics: 1 }, 'context.consent.analytics'],
    [{ categories: true }, 'context.consent.categories'],
    [{ categories: { C0002: 'true' } }, 'context.consent.categories.C0002'],
    [{ categories: { a: true }, canonical: [] }, 'context.consent.canonical'],
    [{ canonical: { sales: true } }, 'context.consent.canonical.sales'],
  ])('refuses %j at %s', (value, path) => {
    expect(read(value).problem?.path).toBe(path);
  });
});
