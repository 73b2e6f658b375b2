import { describe, expect, it } from 'vitest';
import { showEvent } from '../evolve.ts';
import { integrationId } from '../ids.ts';
import { latestRevision, revisionOf } from '../resources/integration.ts';
import { given, installIntegration, rejectionOf, when } from '../testing/given.ts';

const settings = (more: object): string => JSON.stringify({ url: 'https://acme.example/in', ...more });

describe('installing an integration', () => {
  it('gives it revision 1 with the variant and the settings', () => {
    const { state } = given(installIntegration('int_a', { name: 'Sink', variant: 'retail' }));
    const integration = state.integrations.get(integrationId.of('int_a'))!;
    const revision = { number: 1, variant: 'retail', settings: { url: 'https://acme.example/in' } };
    expect(integration).toMatchObject({ name: 'Sink', vendor: 'acme', consentCategories: ['analytics'] });
    expect(latestRevision(integration)).toMatchObject(revision);
    expect(revisionOf(integration, 1)).toMatchObject(revision);
    expect([0, 2, 1.5, -1, Number.NaN].map((number) => revisionOf(integration, number))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('keeps the sealed secrets, and shows their fingerprints only', () => {
    const { state, events } = given(installIntegration('int_a', { secrets: { api_key: 'sealed-text' } }));
    expect(state.integrations.get('int_a')?.secrets.get('api_key')).toBe('sealed-text');
    const shown = showEvent(events[0]!);
    expect(shown).toMatchObject({
      label: 'integration.installed',
      payload: { fingerprints: { api_key: 'fp_1' } },
    });
    expect(JSON.stringify(shown)).not.toContain('sealed-text');
  });

  it.each([
    ['a vendor the catalog lacks', { vendor: 'nobody' }, 'UNKNOWN_VENDOR', 'vendor'],
    ['a vendor named like an object property', { vendor: '__proto__' }, 'UNKNOWN_VENDOR', 'vendor'],
    ['a variant the vendor lacks', { variant: 'space' }, 'UNKNOWN_VARIANT', 'variant'],
    ['settings that are no object', { settings: '[]' }, 'INVALID_SETTING', 'settings'],
    ['settings that are no JSON', { settings: '{' }, 'INVALID_SETTING', 'settings'],
    ['a setting there is not', { settings: settings({ color: 1 }) }, 'UNKNOWN_SETTING', 'settings.color'],
    ['a setting left out', { settings: '{}' }, 'MISSING_SETTING', 'settings.url'],
    ['a secret left out', { secrets: {} }, 'MISSING_SETTING', 'settings.api_key'],
    [
      'a secret in the open',
      { settings: settings({ api_key: 'x' }) },
      'MISPLACED_SECRET',
      'settings.api_key',
    ],
    ['a sealed non-secret', { secrets: { url: 'x', api_key: 'x' } }, 'MISPLACED_SECRET', 'settings.url'],
    [
      'a URL of another scheme',
      { settings: '{"url":"file:///etc/passwd"}' },
      'INVALID_SETTING',
      'settings.url',
    ],
    [
      'a URL with a password',
      { settings: '{"url":"https://a:b@c.example"}' },
      'INVALID_SETTING',
      'settings.url',
    ],
    ['a number as a text', { settings: settings({ size: '5' }) }, 'INVALID_SETTING', 'settings.size'],
    ['a number too large', { settings: settings({ size: 101 }) }, 'INVALID_SETTING', 'settings.size'],
    [
      'an option there is not',
      { settings: settings({ method: 'GET' }) },
      'INVALID_SETTING',
      'settings.method',
    ],
    ['a text as a boolean', { settings: settings({ batch: 'yes' }) }, 'INVALID_SETTING', 'settings.batch'],
    [
      "a value that the field's own rule refuses",
      { settings: settings({ label: 'forbidden' }) },
      'INVALID_SETTING',
      'settings.label',
    ],
    [
      'a field left out that another setting asks for',
      { settings: settings({ batch: true }) },
      'MISSING_SETTING',
      'settings.label',
    ],
    ['a category twice', { consentCategories: ['a', 'a'] }, 'INVALID_CONSENT_CATEGORY', 'consentCategories'],
    ['an empty category', { consentCategories: [''] }, 'INVALID_CONSENT_CATEGORY', 'consentCategories'],
  ])('refuses %s', (_, fields, code, field) => {
    expect(rejectionOf(given().state, installIntegration('int_a', fields))).toMatchObject({ code, field });
  });

  it('accepts every field in its right type', () => {
    const all = settings({ method: 'PUT', size: 100, batch: true, label: 'x', headers: { a: 'b' } });
    expect(when(given().state, installIntegration('int_a', { settings: all }))).toHaveProperty('events');
  });
});
