import { describe, expect, test } from 'vitest';
import { InvalidAvroSchema, parseAvro } from './parse.ts';

const record = (...fields: readonly object[]) => ({ type: 'record', name: 'R', fields });
const parse = (schema: unknown) => parseAvro(JSON.stringify(schema)).type;
const withDefault = (type: unknown, byDefault: unknown) => record({ name: 'a', type, default: byDefault });

describe('refused, and told where:', () => {
  test.each<[problem: string, schema: unknown, message: string]>([
    ['an unknown type', 'nothing', 'the type "nothing" is not defined (at /)'],
    [
      'an unknown type deep inside',
      record({ name: 'a', type: { type: 'map', values: 'X' } }),
      '(at /fields/0/type/values)',
    ],
    ['a number', 7, 'must be a name, a union or an object'],
    ['null', null, 'must be a name, a union or an object'],
    ['no type', { name: 'R' }, 'has no "type"'],
    ['a type in a type', { type: { type: 'string' } }, 'has no "type"'],
    ['an array without items', { type: 'array' }, '(at /items)'],
    ['a map without values', { type: 'map' }, '(at /values)'],
    ['a record without a name', { type: 'record', fields: [] }, 'has no "name"'],
    ['a record without fields', { type: 'record', name: 'R' }, 'no list of "fields"'],
    ['a name with a hyphen', { type: 'fixed', name: 'a-b', size: 1 }, '"a-b" is no name'],
    [
      'a namespace with a hyphen',
      { type: 'fixed', name: 'F', namespace: 'a-b', size: 1 },
      '"a-b.F" is no name',
    ],
    ['the name of a primitive', { type: 'fixed', name: 'string', size: 1 }, '"string" is no name'],
    ['an empty name', { type: 'fixed', name: '', size: 1 }, '"" is no name'],
    ['a field without a name', record({ type: 'int' }), 'no name of a field'],
    ['a field without a type', record({ name: 'a' }), 'the field a has no "type"'],
    ['a field twice', record({ name: 'a', type: 'int' }, { name: 'a', type: 'int' }), 'two fields a'],
    ['an unknown order', record({ name: 'a', type: 'int', order: 'up' }), '"up" is no order'],
    ['a type twice', record({ name: 'a', type: record() }), 'R is defined twice'],
    ['an enum without symbols', { type: 'enum', name: 'E' }, 'a list of names'],
    ['a symbol twice', { type: 'enum', name: 'E', symbols: ['A', 'A'] }, 'a symbol twice'],
    ['a symbol with a space', { type: 'enum', name: 'E', symbols: ['A B'] }, 'a list of names'],
    [
      'a default that is no symbol',
      { type: 'enum', name: 'E', symbols: ['A'], default: 'B' },
      '"B" is no symbol',
    ],
    ['a fixed of no size', { type: 'fixed', name: 'F' }, 'has no "size"'],
    ['a fixed of negative size', { type: 'fixed', name: 'F', size: -1 }, 'has no "size"'],
    ['a union in a union', ['null', ['int']], 'must not directly hold another'],
    ['a union of more types than anyone has', Array(1001).fill('int'), 'more than 1000 types'],
    ['a primitive twice in a union', ['int', 'int'], 'holds int twice'],
    [
      'two maps in a union',
      [
        { type: 'map', values: 'int' },
        { type: 'map', values: 'long' },
      ],
      'holds map twice',
    ],
    ['a doc that is no text', { type: 'fixed', name: 'F', size: 1, doc: 1 }, '"doc" must be a string'],
    ['an alias with a hyphen', { type: 'fixed', name: 'F', size: 1, aliases: ['a-b'] }, 'no list of names'],
    ['aliases that are no list', { type: 'fixed', name: 'F', size: 1, aliases: 'x' }, 'no list of names'],
  ])('%s', (_problem, schema, message) => {
    expect(() => parse(schema)).toThrow(InvalidAvroSchema);
    expect(() => parse(schema)).toThrow(message);
  });

  test('text that is not JSON', () => {
    expect(() => parseAvro('{"type":')).toThrow(InvalidAvroSchema);
  });

  test('a schema nested deeper than any stack should have to go', () => {
    const deep = `${'{"type":"array","items":'.repeat(50_000)}"int"${'}'.repeat(50_000)}`;
    expect(() => parseAvro(deep)).toThrow('nested more than 200 deep');
  });
});

describe('a default must be of the type of its field:', () => {
  test.each<[type: unknown, good: readonly unknown[], bad: readonly unknown[]]>([
    ['null', [null], [0]],
    ['boolean', [true], ['true', 0]],
    ['int', [0, 2 ** 31 - 1], [2 ** 31, 1.5, '1']],
    ['long', [2 ** 40], [2 ** 60, 1.5]],
    ['double', [1, 1.5], ['1.5']],
    ['string', [''], [null]],
    ['bytes', ['\u00ff'], [[255]]],
    [{ type: 'fixed', name: 'F', size: 2 }, ['ab'], ['a']],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, ['A'], ['B']],
    [{ type: 'array', items: 'int' }, [[], [1]], [{}, ['a']]],
    [{ type: 'map', values: 'int' }, [{}, { a: 1 }], [[], { a: 'b' }]],
    [['null', 'string'], [null, 'a'], [1]],
    [
      {
        type: 'record',
        name: 'S',
        fields: [
          { name: 'x', type: 'int' },
          { name: 'y', type: 'int', default: 0 },
        ],
      },
      [{ x: 1 }, { x: 1, y: 2 }],
      [{}, { x: 'a' }, { x: 1, y: 'b' }],
    ],
  ])('%j', (type, good, bad) => {
    for (const value of good) parse(withDefault(type, value));
    for (const value of bad) expect(() => parse(withDefault(type, value))).toThrow('default of field a');
  });

  test('a default of a type defined further on is checked too', () => {
    const recursive = (byDefault: unknown) =>
      record({ name: 'next', type: ['null', 'R'], default: byDefault }, { name: 'n', type: 'int' });
    parse(recursive({ n: 1 }));
    expect(() => parse(recursive({ n: 'x' }))).toThrow('default of field next');
  });
});

test('names are completed by the namespace around them, and by no other', () => {
  const inner = { type: 'fixed', name: 'other.Inner', size: 1 };
  const { named } = parseAvro(
    JSON.stringify({
      ...record(
        { name: 'a', type: inner },
        { name: 'b', type: { type: 'enum', name: 'Sibling', symbols: [] } },
        { name: 'c', type: { type: 'fixed', name: 'Bare', namespace: '', size: 1 } },
        { name: 'd', type: ['Sibling', 'other.Inner', 'Bare', 'R'] },
      ),
      namespace: 'shop',
    }),
  );
  expect([...named.keys()]).toEqual(['shop.R', 'other.Inner', 'shop.Sibling', 'Bare']);
});

test('types of referenced schemas can be used by name', () => {
  const { named } = parseAvro('{"type": "fixed", "name": "shop.Money", "size": 8}');
  const type = parseAvro('{"type": "array", "items": "shop.Money"}', named).type;
  expect(type).toMatchObject({ kind: 'array', items: { kind: 'fixed', name: 'shop.Money' } });
});

test('attribute names that every object inherits are nothing special', () => {
  expect(() => parse({ type: 'constructor' })).toThrow('the type "constructor" is not defined');
  expect(() => parse('__proto__')).toThrow('the type "__proto__" is not defined');
  expect(parse(JSON.parse('{"type": "string", "__proto__": {"a": 1}}'))).toMatchObject({ kind: 'string' });
});
