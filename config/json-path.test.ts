import { describe, expect, it } from 'vitest';
import { compileJsonPath } from './json-path.ts';

describe('compileJsonPath', () => {
  it.each([
    ['$.data.object.id', ['x']],
    ["$['data'].items[*].n", [1, 2]],
    ['$.data.items[?@.n > 1].n', [2]],
    ['$.data.items[?length(@.tags) == 1].n', [1]],
    ["$.data['a..b']", ['dots']],
    ['$.data.constructor', []],
    ['$.nothing', []],
  ])('asks %s', (path, found) => {
    const items = [
      { n: 1, tags: ['a'] },
      { n: 2, tags: [] },
    ];
    const payload = { data: { object: { id: 'x' }, items, 'a..b': 'dots' } };
    expect(compileJsonPath(path)?.query(payload).values()).toEqual(found);
  });

  it.each([
    'data.id',
    '',
    '$.data[',
    '$..id',
    '$.data..id',
    '$.data[?match(@.id, "a*")]',
    '$.data[?search(@.id, "a*")]',
    '$.data[?(@.id == process.exit())]',
    `$.${'a'.repeat(200)}`,
  ])('refuses %s', (path) => {
    expect(compileJsonPath(path)).toBeUndefined();
  });
});
