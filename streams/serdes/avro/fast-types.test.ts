import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avroType } from './types.ts';

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Both',
  fields: [
    { name: 'text', type: 'string' },
    { name: 'maybe', type: ['null', 'string'] },
    { name: 'count', type: ['null', 'long'] },
  ],
});
const own = avroType(SCHEMA);
const theirs = avro.Type.forSchema(JSON.parse(SCHEMA));

const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .tuple(
      fc.constantFrom('a', 'é', '€', '😀'),
      fc.constantFrom(1, 62, 63, 64, 65, 127, 2729, 2730, 2731, 9000),
    )
    .map(([unit, length]) => unit.repeat(length)),
);
const value = fc.record({
  text,
  maybe: fc.option(text),
  count: fc.option(fc.integer()),
});

describe('text and what may be absent', () => {
  it('are written as avsc writes them, and read as it reads them', () => {
    fc.assert(
      fc.property(value, (given) => {
        const bytes = own.toBuffer(given);
        expect(bytes.equals(theirs.toBuffer(given))).toBe(true);
        expect(own.fromBuffer(bytes)).toEqual({ ...theirs.fromBuffer(bytes) });
      }),
    );
  });

  it('tell how many bytes were missing where the buffer is too short', () => {
    fc.assert(
      fc.property(value, fc.nat(200), (given, length) => {
        expect(own.encode(given, Buffer.alloc(length))).toBe(theirs.encode(given, Buffer.alloc(length)));
      }),
    );
  });

  it.each([
    [{ text: 1, maybe: null, count: null }],
    [{ text: '', maybe: 1, count: null }],
    [{ text: '', maybe: undefined, count: null }],
    [{ text: '', maybe: null, count: 'many' }],
  ])('refuse what is neither: %j', (given) => {
    expect(() => own.toBuffer(given)).toThrow(/invalid/);
  });

  it.each([
    ['a branch that there is not', [0, 4]],
    ['a branch before the first', [0, 1]],
    ['nothing where the branch should be', [0]],
  ])('refuse bytes with %s', (_, bytes) => {
    expect(() => own.fromBuffer(Buffer.from(bytes))).toThrow();
  });
});
