import { expect, it } from 'vitest';
import { chooseEncoding } from './encoding.ts';

it.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['deflate', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['gzip, br', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.0', 'identity'],
  ['*', 'br'],
  ['*, br;q=0', 'gzip'],
  [';;,,;q', 'identity'],
])('answers Accept-Encoding %j with %s', (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});
