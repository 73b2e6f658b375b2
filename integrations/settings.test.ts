import { describe, expect, test } from 'vitest';
import { findVendor } from './catalog.ts';
import type { JsonObject } from './json.ts';
import { settingsErrors, splitSecrets, withDefaults } from './settings.ts';

const webhook = vendor('webhook');
const dreamdata = vendor('dreamdata');

function vendor(key: string) {
  const found = findVendor(key);
  if (found === undefined) throw new Error(`no vendor ${key}`);
  return found;
}

const URL_OK = 'https://example.com/events';

describe('settings', () => {
  test.each<[string, JsonObject, string, string]>([
    ['a setting the vendor does not have', { url: URL_OK, colour: 'red' }, 'colour', 'UNKNOWN_SETTING'],
    [
      'a prototype key',
      JSON.parse(`{"url":"${URL_OK}","__proto__":{"x":1}}`),
      '__proto__',
      'UNKNOWN_SETTING',
    ],
    ['a missing required one', {}, 'url', 'SETTING_REQUIRED'],
    ['an empty required one', { url: '' }, 'url', 'SETTING_REQUIRED'],
    ['a number where text is due', { url: 7 }, 'url', 'SETTING_TYPE'],
    ['text that is no URL', { url: 'example.com' }, 'url', 'SETTING_INVALID'],
    ['a URL of another scheme', { url: 'file:///etc/passwd' }, 'url', 'SETTING_INVALID'],
    ['credentials in a URL', { url: 'https://user:secret@example.com/' }, 'url', 'SETTING_INVALID'],
    ['an unknown option', { url: URL_OK, method: 'DELETE' }, 'method', 'SETTING_OPTION'],
    ['a number out of range', { url: URL_OK, batch_size: 0 }, 'batch_size', 'SETTING_RANGE'],
    ['a fraction', { url: URL_OK, batch_size: 1.5 }, 'batch_size', 'SETTING_TYPE'],
    ['text for a switch', { url: URL_OK, batch_enabled: 'yes' }, 'batch_enabled', 'SETTING_TYPE'],
    ['text that is too long', { url: `${URL_OK}?${'x'.repeat(9000)}` }, 'url', 'SETTING_RANGE'],
    ['a header name that is none', { url: URL_OK, headers: { 'a b': 'c' } }, 'headers', 'SETTING_INVALID'],
    [
      'a header with a line break',
      { url: URL_OK, headers: { a: 'b\r\nc: d' } },
      'headers',
      'SETTING_INVALID',
    ],
    ['a header of the HTTP client', { url: URL_OK, headers: { Host: 'x' } }, 'headers', 'SETTING_INVALID'],
    ['headers that are no object', { url: URL_OK, headers: ['a'] }, 'headers', 'SETTING_INVALID'],
    [
      'a bearer token that is missing',
      { url: URL_OK, authentication: 'bearer' },
      'auth_token',
      'SETTING_REQUIRED',
    ],
    [
      'a bearer token with a line break',
      { url: URL_OK, authentication: 'bearer', auth_token: 'a\nb' },
      'auth_token',
      'SETTING_INVALID',
    ],
  ])('refuse %s', (_, config, path, code) => {
    expect(settingsErrors(webhook, config)).toMatchObject([{ path, code }]);
  });

  test('are all checked at once', () => {
    const errors = settingsErrors(webhook, { method: 'GET', authentication: 'basic', x: 1 });
    expect(errors.map(({ path }) => path)).toEqual([
      'x',
      'url',
      'method',
      'basic_username',
      'basic_password',
    ]);
  });

  test('do not repeat a secret in an error', () => {
    const errors = settingsErrors(webhook, { url: URL_OK, authentication: 'bearer', auth_token: 'töken' });
    expect(JSON.stringify(errors)).not.toContain('töken');
  });

  test('ask for a credential only when its kind of authentication is chosen', () => {
    expect(settingsErrors(webhook, { url: URL_OK })).toEqual([]);
    expect(settingsErrors(webhook, { url: URL_OK, authentication: 'hmac', hmac_secret: 's' })).toEqual([]);
  });

  test('are told apart from secrets', () => {
    expect(splitSecrets(dreamdata, { api_key: 'k', endpoint: 'http://127.0.0.1:1' })).toEqual({
      settings: { endpoint: 'http://127.0.0.1:1' },
      secrets: { api_key: 'k' },
    });
  });

  test('take their defaults where nothing, null or an empty text is given', () => {
    const settings = withDefaults(webhook, { url: URL_OK, method: null, payload_format: '', batch_size: 5 });
    expect(settings).toMatchObject({
      url: URL_OK,
      method: 'POST',
      payload_format: 'canonical',
      batch_size: 5,
    });
  });
});
