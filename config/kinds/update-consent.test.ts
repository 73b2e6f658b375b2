import { describe, expect, it } from 'vitest';
import { change, given, rejectionOf } from '../testing/given.ts';

const update = (categories: Record<string, string> | null, defaultPolicy: string | null, id = 'consent') =>
  change(id, { 'signal.config.UpdateConsent': { categories, defaultPolicy } });

describe('the rules of consent', () => {
  it('are the usual ones until they are changed', () => {
    const { consent } = given().state;
    expect(consent).toMatchObject({ version: 0, defaultPolicy: 'allow' });
    expect(consent.categories.get('C0004')).toBe('marketing');
  });

  it('are changed in part: the map whole, or the policy', () => {
    const { state } = given(update({ 'My code': 'analytics' }, null), update(null, 'drop'));
    expect(state.consent).toMatchObject({ version: 2, defaultPolicy: 'drop' });
    expect([...state.consent.categories]).toEqual([['My code', 'analytics']]);
  });

  it.each([
    ['a policy there is not', update(null, 'maybe'), 'UNKNOWN_POLICY', 'defaultPolicy'],
    ['an empty code', update({ '': 'analytics' }, null), 'INVALID_CONSENT_CATEGORY', 'categories'],
    ['a category at fault', update({ a: 'a b' }, null), 'INVALID_CONSENT_CATEGORY', 'categories'],
    [
      'too many codes',
      update(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`c${i}`, 'x'])), null),
      'INVALID_CONSENT_CATEGORY',
      'categories',
    ],
    ['what is so already', update(null, 'allow'), 'NOTHING_CHANGED', null],
    ['another id', update(null, 'drop', 'con_1'), 'INVALID_ID', 'resourceId'],
  ])('refuse %s', (_, options, code, field) => {
    expect(rejectionOf(given().state, options)).toMatchObject({ code, field });
  });
});
