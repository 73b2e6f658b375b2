import { expect, it } from 'vitest';
import { readRetryAfter } from './transport.ts';

// The rest of the transport is the browser's own; chromium.test.ts sees it at work.

const NOW = Date.parse('2026-06-06T11:11:14Z');

it.each([
  ['7', 7_000],
  ['Sat, 06 Jun 2026 11:12:14 GMT', 60_000],
  ['Sat, 06 Jun 2026 11:10:14 GMT', undefined],
  ['0', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('reads Retry-After %j as %j ms', (header, expected) => {
  expect(readRetryAfter(header, NOW)).toBe(expected);
});
