import { expect, test } from 'vitest';
import { avroType } from './types.ts';

const map = avroType('{"type": "map", "values": "string"}');
const array = avroType('{"type": "array", "items": "string"}');

/** A long as Avro writes it: zigzag, seven bits a byte. */
function long(value: bigint): number[] {
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const bytes = (...parts: readonly (readonly number[])[]) => Buffer.from(parts.flat());

test('a map key named __proto__ is a key like any other', () => {
  const value: unknown = JSON.parse('{"__proto__": "polluted", "a": "b"}');
  const decoded = map.fromBuffer(map.toBuffer(value));
  expect(Object.entries(decoded)).toEqual([
    ['__proto__', 'polluted'],
    ['a', 'b'],
  ]);
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
});

test('a nested map under __proto__ gives nothing to the outer one', () => {
  const nested = avroType('{"type": "map", "values": {"type": "map", "values": "boolean"}}');
  const decoded = nested.fromBuffer(nested.toBuffer(JSON.parse('{"__proto__": {"admin": true}}')));
  expect(decoded.admin).toBeUndefined();
});

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
  'an absent key %s is undefined',
  (key) => {
    expect(map.fromBuffer(map.toBuffer({}))[key]).toBeUndefined();
    const record = avroType(
      '{"type": "record", "name": "R", "fields": [{"name": "m", "default": {}, "type": {"type": "map", "values": "int"}}]}',
    );
    const older = avroType('{"type": "record", "name": "R", "fields": []}');
    expect(record.fromBuffer(Buffer.alloc(0), record.createResolver(older)).m[key]).toBeUndefined();
  },
);

test('blocks with a size in front are read', () => {
  const item = [...long(1n), 0x61];
  expect(array.fromBuffer(bytes(long(-2n), long(4n), item, item, [0]))).toEqual(['a', 'a']);
  expect(map.fromBuffer(bytes(long(-1n), long(4n), item, item, [0]))).toEqual({ a: 'a' });
});

test.each([2n ** 31n, 2n ** 52n, -(2n ** 52n), 100n])(
  'a block that counts %s items in ten bytes is refused at once',
  (count) => {
    for (const type of [array, map]) {
      expect(() => type.fromBuffer(bytes(long(count), long(1n), [0, 0, 0, 0, 0]))).toThrow(
        /more items than bytes/,
      );
      expect(() => skipping(type.toString(), bytes(long(count), long(1n), [0, 0, 0, 0, 0]))).toThrow();
    }
  },
);

test('a skipped block cannot lead backwards', () => {
  expect(() => skipping(array.toString(), bytes(long(-1n), long(-3n), [0, 0]))).toThrow(
    /longer than the bytes/,
  );
});

/** Reads the bytes as a record that has one field more in front than ours. */
function skipping(fieldSchema: string, content: Buffer): unknown {
  const last = '{"name": "last", "type": "int"}';
  const wide = `{"type": "record", "name": "R", "fields": [{"name": "x", "type": ${fieldSchema}}, ${last}]}`;
  const ours = avroType(`{"type": "record", "name": "R", "fields": [${last}]}`);
  return ours.fromBuffer(content, ours.createResolver(avroType(wide)));
}
