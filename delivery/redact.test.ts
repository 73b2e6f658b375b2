import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test.each([
  ['as it is', 'the key s3cr/t+key is unknown'],
  ['in a URL', `no such path ?key=${encodeURIComponent('s3cr/t+key')}`],
  ['as Basic credentials', `Basic ${btoa('s3cr/t+key:')}`],
  ['in base64', `got ${btoa('s3cr/t+key')}`],
])('a secret that a vendor repeats %s is removed', (_, text) => {
  const clean = redact(text, { api_key: 's3cr/t+key' });
  expect(clean).toContain('[redacted]');
  expect(clean).not.toMatch(/s3cr|czNjc/);
});

test('other text, and what is too short to be a secret, stays', () => {
  expect(redact('an email is missing', { api_key: 's3cr/t+key', empty: '', short: 'a' })).toBe(
    'an email is missing',
  );
});
