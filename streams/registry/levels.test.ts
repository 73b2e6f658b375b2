import { describe, expect, test } from 'vitest';
import { parseAvro } from './avro/parse.ts';
import { type CompatibilityLevel, parseLevel, violations } from './levels.ts';

const type = (...fields: readonly object[]) =>
  parseAvro(JSON.stringify({ type: 'record', name: 'R', fields })).type;
const A = { name: 'a', type: 'string' };
const B = { name: 'b', type: 'string' };
const B_WITH_DEFAULT = { ...B, default: '' };

/** Levels that let the last of these versions follow the ones before it. */
function allowedBy(...versions: readonly (readonly object[])[]): readonly CompatibilityLevel[] {
  const types = versions.map((fields) => type(...fields));
  const newer = types.at(-1);
  if (newer === undefined) throw new Error('a version wanted');
  const earlier = types.slice(0, -1).map((older, index) => ({ version: index + 1, type: older }));
  const levels = [
    'BACKWARD',
    'BACKWARD_TRANSITIVE',
    'FORWARD',
    'FORWARD_TRANSITIVE',
    'FULL',
    'FULL_TRANSITIVE',
  ] as const;
  return levels.filter((level) => violations(level, newer, earlier).length === 0);
}

describe('allowed is', () => {
  test.each<
    [change: string, versions: readonly (readonly object[])[], levels: readonly CompatibilityLevel[]]
  >([
    [
      'adding a field with a default, by all',
      [[A], [A, B_WITH_DEFAULT]],
      ['BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'],
    ],
    ['adding a field without, forward', [[A], [A, B]], ['FORWARD', 'FORWARD_TRANSITIVE']],
    ['removing a field without default, backward', [[A, B], [A]], ['BACKWARD', 'BACKWARD_TRANSITIVE']],
    [
      'taking the default of an added field away, but not transitively backward',
      [[A], [A, B_WITH_DEFAULT], [A, B]],
      ['BACKWARD', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL'],
    ],
    [
      'removing a field that got a default late, but not transitively forward',
      [[A, B], [A, B_WITH_DEFAULT], [A]],
      ['BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FULL'],
    ],
    ['changing a type, by none', [[A], [{ ...A, type: 'int' }]], []],
  ])('%s', (_change, versions, levels) => {
    expect(allowedBy(...versions)).toEqual(levels);
  });

  test('anything at level NONE, and any first version', () => {
    expect(violations('NONE', type(A), [{ version: 1, type: type(B) }])).toEqual([]);
    expect(violations('FULL_TRANSITIVE', type(A), [])).toEqual([]);
  });
});

test('the message names kind, place, direction, the nearest offending version and the level', () => {
  const earlier = [type(B), type(B), type(A, B)].map((older, index) => ({ version: index + 1, type: older }));
  expect(violations('BACKWARD_TRANSITIVE', type(A, B), earlier)).toEqual([
    "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'At /fields/0: the field is in the new schema " +
      "without a default, and not in the old schema', additionalInfo:'a'}",
    '{oldSchemaVersion: 2}',
    "{compatibility: 'BACKWARD_TRANSITIVE'}",
  ]);
  expect(violations('FORWARD', type(B), [{ version: 7, type: type(A, B) }])[0]).toContain(
    'the field is in the old schema without a default, and not in the new schema',
  );
});

test('Avro cannot follow what is not Avro', () => {
  expect(violations('BACKWARD', type(A), [{ version: 1, type: undefined }])[0]).toContain(
    'different schema type',
  );
  expect(violations('NONE', type(A), [{ version: 1, type: undefined }])).toEqual([]);
});

test('levels may be written in lower case', () => {
  expect(parseLevel('full_transitive')).toBe('FULL_TRANSITIVE');
  expect(parseLevel('sideways')).toBeUndefined();
});
