import { describe, expect, test } from 'vitest';
import { incompatibilities } from './compatibility.ts';
import { parseAvro } from './parse.ts';

/** A field as [name, type] or, with a default, [name, type, default]. */
type FieldSpec = readonly [name: string, type: unknown, byDefault?: unknown];

const record = (fields: readonly FieldSpec[], more: object = {}) => ({
  type: 'record',
  name: 'R',
  fields: fields.map(([name, type, ...byDefault]) => ({
    name,
    type,
    ...(byDefault.length === 0 ? {} : { default: byDefault[0] }),
  })),
  ...more,
});
const enumeration = (symbols: readonly string[], more: object = {}) => ({
  type: 'enum',
  name: 'E',
  symbols,
  ...more,
});
const fixed = (size: number, more: object = {}) => ({ type: 'fixed', name: 'F', size, ...more });
const array = (items: unknown) => ({ type: 'array', items });
const map = (values: unknown) => ({ type: 'map', values });
const list = (head: unknown, more: readonly FieldSpec[] = []) =>
  record([['head', head], ['tail', ['null', 'R'], null], ...more]);

function problems(reader: unknown, writer: unknown): readonly string[] {
  const [readerType, writerType] = [reader, writer].map((schema) => parseAvro(JSON.stringify(schema)).type);
  if (readerType === undefined || writerType === undefined) throw new Error('two schemas wanted');
  return incompatibilities(readerType, writerType).map(
    ({ kind, path, detail }) => `${kind} ${path} ${detail}`,
  );
}

describe('a reader can read what a writer wrote when', () => {
  test.each<[rule: string, reader: unknown, writer: unknown]>([
    ['both are the same primitive', 'boolean', 'boolean'],
    ['int becomes long', 'long', 'int'],
    ['int becomes float', 'float', 'int'],
    ['long becomes float', 'float', 'long'],
    ['int becomes double', 'double', 'int'],
    ['long becomes double', 'double', 'long'],
    ['float becomes double', 'double', 'float'],
    ['string becomes bytes', 'bytes', 'string'],
    ['bytes become string', 'string', 'bytes'],
    ['items of an array are promoted', array('long'), array('int')],
    ['values of a map are promoted', map('double'), map('float')],
    ['symbols were added', enumeration(['A', 'B', 'C']), enumeration(['A', 'B'])],
    [
      'symbols were removed but there is a default',
      enumeration(['A'], { default: 'A' }),
      enumeration(['A', 'B']),
    ],
    ['only the namespace of an enum differs', enumeration(['A'], { namespace: 'x' }), enumeration(['A'])],
    [
      'an enum has the old name as alias',
      enumeration(['A'], { aliases: ['Old'] }),
      enumeration(['A'], { name: 'Old' }),
    ],
    ['a fixed has the same size', fixed(4), fixed(4)],
    ['both unions are empty', [], []],
    ['a union gained a type', ['null', 'int'], ['null']],
    ['the types of a union changed places', ['int', 'string'], ['string', 'int']],
    ['the types of a union are promoted', ['null', 'double'], ['int', 'float']],
    ['a type became a union with it', ['null', 'int'], 'int'],
    ['a type became a union that promotes it', ['null', 'long'], 'int'],
    ['a union became the type all its types promote to', 'double', ['int', 'long', 'float']],
    ['a union of one became that one', 'int', ['int']],
    ['a field was removed', record([]), record([['a', 'int']])],
    ['a field with a default was added', record([['a', 'int', 0]]), record([])],
    ['a field whose default is null was added', record([['a', ['null', 'int'], null]]), record([])],
    ['a field lost its default', record([['a', 'int']]), record([['a', 'int', 0]])],
    ['a field was promoted', record([['a', 'long']]), record([['a', 'int']])],
    [
      'fields changed places',
      record([
        ['a', 'int'],
        ['b', 'int'],
      ]),
      record([
        ['b', 'int'],
        ['a', 'int'],
      ]),
    ],
    [
      'only the namespace of a record differs',
      record([], { namespace: 'x' }),
      record([], { namespace: 'y' }),
    ],
    [
      'a record has the old full name as alias',
      record([], { aliases: ['old.Q'] }),
      record([], { name: 'old.Q' }),
    ],
    ['a recursive record is promoted', list('long'), list('int')],
    [
      'only docs and logical types differ',
      { type: 'long', logicalType: 'timestamp-millis', doc: 'x' },
      'long',
    ],
  ])('%s', (_rule, reader, writer) => {
    expect(problems(reader, writer)).toEqual([]);
  });

  test('a field has its old name as alias', () => {
    const renamed = { type: 'record', name: 'R', fields: [{ name: 'b', type: 'int', aliases: ['a'] }] };
    expect(problems(renamed, record([['a', 'int']]))).toEqual([]);
  });
});

test('a field that could be either of two is told', () => {
  const ambiguous = { type: 'record', name: 'R', fields: [{ name: 'a', type: 'int', aliases: ['b'] }] };
  const writer = record([
    ['a', 'int'],
    ['b', 'int'],
  ]);
  expect(problems(ambiguous, writer)).toEqual([
    'NAME_MISMATCH /fields/0 name and aliases match several fields: a, b',
  ]);
});

describe('a reader cannot read what a writer wrote when', () => {
  const mismatch = (reader: string, writer: string, path = '/') =>
    `TYPE_MISMATCH ${path} reader type: ${reader} not compatible with writer type: ${writer}`;

  test.each<[rule: string, reader: unknown, writer: unknown, expected: readonly string[]]>([
    ['null was something', 'null', 'int', [mismatch('NULL', 'INT')]],
    ['long was cut to int', 'int', 'long', [mismatch('INT', 'LONG')]],
    ['float was cut to long', 'long', 'float', [mismatch('LONG', 'FLOAT')]],
    ['double was cut to float', 'float', 'double', [mismatch('FLOAT', 'DOUBLE')]],
    ['a number became text', 'string', 'int', [mismatch('STRING', 'INT')]],
    ['a boolean was a number', 'boolean', 'int', [mismatch('BOOLEAN', 'INT')]],
    ['an array was a map', array('int'), map('int'), [mismatch('ARRAY', 'MAP')]],
    ['a fixed was bytes', fixed(4), 'bytes', [mismatch('FIXED F', 'BYTES')]],
    ['an enum was text', enumeration(['A']), 'string', [mismatch('ENUM E', 'STRING')]],
    ['a record was a map', record([]), map('int'), [mismatch('RECORD R', 'MAP')]],
    ['items differ', array('int'), array('string'), [mismatch('INT', 'STRING', '/items')]],
    ['values differ', map('int'), map('string'), [mismatch('INT', 'STRING', '/values')]],
    [
      'symbols were removed',
      enumeration(['A']),
      enumeration(['C', 'A', 'B']),
      ['MISSING_ENUM_SYMBOLS /symbols [B, C]'],
    ],
    [
      'an enum was renamed',
      enumeration(['A']),
      enumeration(['A'], { name: 'x.Old' }),
      ['NAME_MISMATCH /name expected: x.Old'],
    ],
    ['a fixed changed its size', fixed(4), fixed(8), ['FIXED_SIZE_MISMATCH /size expected: 8, found: 4']],
    ['a fixed was renamed', fixed(4), fixed(4, { name: 'Old' }), ['NAME_MISMATCH /name expected: Old']],
    ['a record was renamed', record([]), record([], { name: 'Old' }), ['NAME_MISMATCH /name expected: Old']],
    [
      'a field without default was added',
      record([
        ['a', 'int'],
        ['b', 'int'],
      ]),
      record([['a', 'int']]),
      ['READER_FIELD_MISSING_DEFAULT_VALUE /fields/1 b'],
    ],
    [
      'a field changed its type',
      record([['a', 'int']]),
      record([['a', 'string']]),
      [mismatch('INT', 'STRING', '/fields/0/type')],
    ],
    [
      'a union lost a type',
      ['null', 'int'],
      ['null', 'int', 'string'],
      ['MISSING_UNION_BRANCH /2 reader union lacking writer type: STRING'],
    ],
    [
      'a type became a union without it',
      ['null', 'int'],
      'string',
      ['MISSING_UNION_BRANCH / reader union lacking writer type: STRING'],
    ],
    ['a union became a type that is not all of it', 'int', ['null', 'int'], [mismatch('INT', 'NULL', '/0')]],
    [
      'the elements of a recursive record changed',
      list('int'),
      list('string'),
      [mismatch('INT', 'STRING', '/fields/0/type')],
    ],
    [
      'several things are wrong at once',
      record(
        [
          ['a', 'int'],
          ['b', enumeration(['A'])],
          ['c', 'int'],
        ],
        { name: 'New' },
      ),
      record([
        ['a', 'long'],
        ['b', enumeration(['B'])],
      ]),
      [
        'NAME_MISMATCH /name expected: R',
        mismatch('INT', 'LONG', '/fields/0/type'),
        'MISSING_ENUM_SYMBOLS /fields/1/type/symbols [B]',
        'READER_FIELD_MISSING_DEFAULT_VALUE /fields/2 c',
      ],
    ],
  ])('%s', (_rule, reader, writer, expected) => {
    expect(problems(reader, writer)).toEqual(expected);
  });
});

test('types that use each other many times over are compared in no time', () => {
  const chain = (leaf: string) => {
    let type: unknown = leaf;
    for (let depth = 0; depth < 60; depth++)
      type = {
        type: 'record',
        name: `R${depth}`,
        fields: [
          { name: 'a', type },
          { name: 'b', type: depth === 0 ? leaf : `R${depth - 1}` },
        ],
      };
    return type;
  };
  expect(problems(chain('int'), chain('string')).length).toBeLessThanOrEqual(100);
});
