import { expect, it } from 'vitest';
import type { ConfigDifference } from '../../api/index.ts';
import { linesOf } from './show-diff.ts';

const DIFFERENCE: ConfigDifference = {
  resource_type: 'source',
  resource_id: 'src_1',
  change: 'updated',
  events: [7, 9],
  changes: [{ path: 'name', before: 'Shop', after: 'Store' }],
};

it('a difference names the resource, the changes it came from and its fields', () => {
  expect(linesOf(DIFFERENCE)).toEqual(['updated source src_1  #7 #9', '  name: "Shop" → "Store"']);
  const none = { path: 'name', before: null, after: null };
  expect(linesOf({ ...DIFFERENCE, change: 'created', changes: [{ ...none, after: 'Shop' }] })[1]).toBe(
    '  + name: "Shop"',
  );
  expect(linesOf({ ...DIFFERENCE, change: 'deleted', changes: [{ ...none, before: ['a'] }] })[1]).toBe(
    '  - name: ["a"]',
  );
});

it('a difference lets nobody write to the terminal', () => {
  const changes = [{ path: 'name', before: 'a', after: 'b\u001b[31m\n\u202e' }];
  expect(linesOf({ ...DIFFERENCE, changes }).join('')).not.toMatch(/\p{Cc}|\p{Cf}/u);
});
