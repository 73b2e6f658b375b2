import { expect, test } from 'vitest';
import type { JsonValue } from '../json.ts';
import { withDefaults } from '../settings.ts';
import { webhook } from './index.ts';

function problem(key: string, value: JsonValue): string | undefined {
  const field = webhook.settings.find((candidate) => candidate.key === key);
  if (field === undefined) throw new Error(`no setting ${key}`);
  return field.check?.(value);
}

test.each<[string, string, JsonValue]>([
  ['a header name that is none', 'headers', { 'a b': 'c' }],
  ['a header with a line break', 'headers', { a: 'b\r\nc: d' }],
  ['a header of the HTTP client', 'headers', { Host: 'x' }],
  ['a header of the signature', 'headers', { 'X-SIGNATURE': 'x' }],
  ['a header that is no text', 'headers', { a: 1 }],
  ['headers that are no object', 'headers', ['a']],
  [
    'more headers than anyone needs',
    'headers',
    Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`h${i}`, ''])),
  ],
  ['a bearer token with a line break', 'auth_token', 'a\nb'],
  ['a bearer token that is not ASCII', 'auth_token', 'töken'],
  ['a user name with a colon', 'basic_username', 'a:b'],
])('a webhook refuses %s, and does not repeat the value', (_, key, value) => {
  const message = problem(key, value);
  expect(message).toBeTypeOf('string');
  if (typeof value === 'string') expect(message).not.toContain(value);
});

test.each<[string, JsonValue]>([
  ['headers', { 'X-Team': 'growth, sales' }],
  ['auth_token', 'abc.DEF-123'],
  ['basic_username', 'jane'],
])('a webhook accepts %s as people have them', (key, value) => {
  expect(problem(key, value)).toBeUndefined();
});

test('settings take their defaults where nothing, null or an empty text is given; others are dropped', () => {
  const given = { url: 'https://e.example', method: null, payload_format: '', batch_size: 5, colour: 'red' };
  const settings = withDefaults(webhook, given);
  expect(settings).toMatchObject({
    url: 'https://e.example',
    method: 'POST',
    payload_format: 'canonical',
    batch_size: 5,
  });
  expect(settings).not.toHaveProperty('colour');
});
