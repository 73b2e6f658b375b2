import { expect, test } from 'vitest';
import { parseAvro } from './parse.ts';
import { type PrintOptions, printAvro } from './print.ts';

const print = (text: string, options?: PrintOptions) => printAvro(parseAvro(text).type, options);

test('white space, order of attributes and forms of names do not matter', () => {
  const one =
    '{"type":"record","name":"shop.R","fields":[{"name":"a","type":{"type":"string"}},{"name":"b","type":["null","shop.R"]}]}';
  const other = `{
    "fields": [{"type": "string", "name": "a"}, {"name": "b", "type": ["null", "R"], "order": "ascending"}],
    "namespace": "shop", "name": "R", "aliases": [], "type": "record"
  }`;
  expect(print(other)).toBe(print(one));
  expect(print(one)).toBe(
    '{"type":"record","name":"R","namespace":"shop","fields":[{"name":"a","type":"string"},{"name":"b","type":["null","R"]}]}',
  );
});

test.each([
  ['a doc', '"doc":"what it is"'],
  ['an alias', '"aliases":["Old"]'],
  ['a logical type', '"logicalType":"duration"'],
  ["an attribute of one's own", '"owner":{"team":["a"]}'],
])('%s makes another schema', (_what, attribute) => {
  const text = print(`{"type":"fixed","name":"F","size":12,${attribute}}`);
  expect(text).toContain(attribute);
  expect(print(text)).toBe(text);
});

test('the order of extra attributes matters until normalized', () => {
  const one = '{"type":"string","x":1,"y":2}';
  const other = '{"y":2,"type":"string","x":1}';
  expect(print(other)).not.toBe(print(one));
  expect(print(other, { normalize: true })).toBe(print(one, { normalize: true }));
});

test('types that are known are referred to, with their namespace where it is another', () => {
  const { named } = parseAvro('{"type":"fixed","name":"shop.Money","size":8}');
  const { type } = parseAvro('{"type":"map","values":"shop.Money"}', named);
  expect(printAvro(type, { known: named.keys() })).toBe('{"type":"map","values":"shop.Money"}');
  expect(printAvro(type)).toBe(
    '{"type":"map","values":{"type":"fixed","name":"Money","namespace":"shop","size":8}}',
  );
});

test('a type without namespace inside one that has some keeps that it has none', () => {
  const text =
    '{"type":"record","name":"R","namespace":"shop","fields":[{"name":"a","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}';
  expect(print(text)).toBe(text);
});
