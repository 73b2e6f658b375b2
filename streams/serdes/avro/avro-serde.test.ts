import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SerdeError } from '../errors.ts';
import type { Serde } from '../serde.ts';
import { type AvroSchema, avroSerde } from './avro-serde.ts';
import { memoryRegistry } from './memory-registry.ts';
import { type SchemaRegistry, UnknownSchemaId } from './schema-registry.ts';

interface Order {
  readonly id: string;
  readonly lines: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly total: null | number;
  readonly placedAt: number;
  readonly digest: Buffer;
}

type Field = { readonly name: string; readonly type: unknown; readonly default?: unknown };

const ID: Field = { name: 'id', type: 'string' };
const ORDER_FIELDS: readonly Field[] = [
  ID,
  { name: 'lines', type: { type: 'array', items: 'string' } },
  { name: 'labels', type: { type: 'map', values: 'string' } },
  { name: 'total', type: ['null', 'double'], default: null },
  { name: 'placedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'digest', type: 'bytes' },
];

function record<T>(fields: readonly Field[]): AvroSchema<T> & { readonly fields: readonly Field[] } {
  return { type: 'record', name: 'shop.Order', fields };
}

const ORDER = record<Order>(ORDER_FIELDS);
const AN_ORDER: Order = {
  id: 'o-1',
  lines: ['tea', 'coffee'],
  labels: { channel: 'web' },
  total: 12.5,
  placedAt: 1_763_780_000_000,
  digest: Buffer.from('abc'),
};

const failure = (code: string) => expect.objectContaining({ name: 'SerdeError', code });
const orders = (registry: SchemaRegistry = memoryRegistry()): Promise<Serde<Order>> =>
  avroSerde({ schema: ORDER, subject: 'orders-value', registry });

/** A serde that reads the given fields what another one wrote. */
async function evolved<W, R>(
  written: readonly Field[],
  read: readonly Field[],
): Promise<[Serde<W>, Serde<R>]> {
  const registry = memoryRegistry();
  const writer = await avroSerde({ schema: record<W>(written), subject: 'orders-value', registry });
  const reader = await avroSerde({ schema: record<R>(read), subject: 'orders-value', registry });
  return [writer, reader];
}

test('every value comes back as it was', async () => {
  const serde = await orders();
  const arbitrary: fc.Arbitrary<Order> = fc.record({
    id: fc.string({ unit: 'grapheme' }),
    lines: fc.array(fc.string()),
    labels: fc.dictionary(fc.string(), fc.string()),
    total: fc.option(fc.double({ noNaN: true })),
    placedAt: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    digest: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(arbitrary, (order) => {
      expect(serde.deserialize(serde.serialize(order))).toEqual(order);
    }),
  );
});

test('bytes begin with magic 0 and the schema id, big-endian', async () => {
  const registry = memoryRegistry();
  await registry.register('other', '"string"');
  const serde = await avroSerde({ schema: record<{ id: string }>([ID]), subject: 's', registry });
  expect(serde.serialize({ id: 'ab' })).toEqual(Buffer.from([0, 0, 0, 0, 2, 4, 0x61, 0x62]));
});

test('a value larger than the buffer at hand is written whole, and smaller ones after it', async () => {
  const serde = await orders();
  for (const size of [100_000, 3_000_000, 10]) {
    const order = { ...AN_ORDER, id: 'é'.repeat(size) };
    expect(serde.deserialize(serde.serialize(order))).toEqual(order);
  }
});

test('written buffers share nothing with later ones', async () => {
  const serde = await orders();
  const first = serde.serialize(AN_ORDER);
  const copy = Buffer.from(first);
  serde.serialize({ ...AN_ORDER, id: 'another' });
  expect(first).toEqual(copy);
});

test('decoded bytes share nothing with what they were read from', async () => {
  const serde = await orders();
  const bytes = serde.serialize(AN_ORDER);
  const order = serde.deserialize(bytes);
  bytes.fill(0xff);
  expect(order.digest.toString()).toBe('abc');
});

test.each([
  ['a field of another type', { id: 7 }, 'shop.Order.id must be "string"'],
  ['a missing field', { lines: undefined }, 'shop.Order.lines must be'],
  ['an item of another type', { lines: ['tea', 3] }, 'shop.Order.lines.1 must be "string"'],
  ['a branch that is not in the union', { total: 'much' }, 'shop.Order.total must be'],
  ['a fraction for a long', { placedAt: 1.5 }, 'shop.Order.placedAt must be'],
  ['a long that JavaScript would round', { placedAt: 2 ** 53 }, 'shop.Order.placedAt must be'],
])('%s is refused by its path, without the value', async (_case, misfit, message) => {
  const serde = await avroSerde({
    schema: record<object>(ORDER_FIELDS),
    subject: 's',
    registry: memoryRegistry(),
  });
  const value = { ...AN_ORDER, ...misfit, digest: Buffer.from('secret') };
  expect(() => serde.serialize(value)).toThrow(failure('INVALID_VALUE'));
  expect(() => serde.serialize(value)).toThrow(message);
  expect(() => serde.serialize(value)).not.toThrow('secret');
});

test('a failed write leaves the next one alone', async () => {
  const serde = await avroSerde({
    schema: record<object>(ORDER_FIELDS),
    subject: 's',
    registry: memoryRegistry(),
  });
  expect(() => serde.serialize({ ...AN_ORDER, digest: 1 })).toThrow(failure('INVALID_VALUE'));
  expect(serde.deserialize(serde.serialize(AN_ORDER))).toEqual(AN_ORDER);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['four bytes', Buffer.alloc(4)],
  ['another magic byte', Buffer.from([1, 0, 0, 0, 1, 0])],
  ['text', Buffer.from('{"id": "o-1"}')],
])('%s is not wire format', async (_case, bytes) => {
  const serde = await orders();
  expect(() => serde.deserialize(bytes)).toThrow(failure('NOT_WIRE_FORMAT'));
});

test('bytes that end early, at any place, are malformed', async () => {
  const serde = await orders();
  const bytes = serde.serialize(AN_ORDER);
  for (let length = 5; length < bytes.length; length++)
    expect(() => serde.deserialize(bytes.subarray(0, length))).toThrow(failure('MALFORMED'));
});

test('bytes left over are malformed', async () => {
  const serde = await orders();
  const bytes = Buffer.concat([serde.serialize(AN_ORDER), Buffer.from([0])]);
  expect(() => serde.deserialize(bytes)).toThrow(failure('MALFORMED'));
});

test('random bytes give a value or a SerdeError, nothing else', async () => {
  const serde = await orders();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
      try {
        serde.deserialize(Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), body]));
      } catch (error) {
        expect(error).toBeInstanceOf(SerdeError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a 64-bit integer that JavaScript would round is refused', async () => {
  const serde = await avroSerde({
    schema: record<{ n: number }>([{ name: 'n', type: 'long' }]),
    subject: 's',
    registry: memoryRegistry(),
  });
  const maxLong = Buffer.from('00000000010000000000000000', 'hex').subarray(0, 5);
  const zigzag = Buffer.from('feffffffffffffffff01', 'hex');
  expect(() => serde.deserialize(Buffer.concat([maxLong, zigzag]))).toThrow(failure('UNSAFE_LONG'));
});

test('a field added with a default has it when old values are read', async () => {
  const [writer, reader] = await evolved<{ id: string }, { id: string; state: string }>(
    [ID],
    [ID, { name: 'state', type: 'string', default: 'open' }],
  );
  expect(reader.deserialize(writer.serialize({ id: 'o-1' }))).toEqual({ id: 'o-1', state: 'open' });
});

test('a field we no longer have is skipped, whatever it holds', async () => {
  const [writer, reader] = await evolved<Order, { id: string; digest: Buffer }>(ORDER_FIELDS, [
    ID,
    { name: 'digest', type: 'bytes' },
  ]);
  expect(reader.deserialize(writer.serialize(AN_ORDER))).toEqual({ id: 'o-1', digest: Buffer.from('abc') });
});

test('an enum symbol we do not know becomes the default symbol', async () => {
  const state = (symbols: readonly string[]): Field => ({
    name: 'state',
    type: { type: 'enum', name: 'State', symbols, default: 'open' },
  });
  const [writer, reader] = await evolved<{ state: string }, { state: string }>(
    [state(['open', 'lost'])],
    [state(['open', 'paid'])],
  );
  expect(reader.deserialize(writer.serialize({ state: 'lost' }))).toEqual({ state: 'open' });
});

test('a version registered later is read after one load, with one request for all who wait', async () => {
  const registry = memoryRegistry();
  let requests = 0;
  const counting: SchemaRegistry = {
    ...registry,
    schema: (id) => {
      requests++;
      return registry.schema(id);
    },
  };
  const reader = await avroSerde({ schema: record<{ id: string }>([ID]), subject: 's', registry: counting });
  const writer = await avroSerde({ schema: ORDER, subject: 's', registry });
  const bytes = writer.serialize(AN_ORDER);

  const unknown = () => {
    try {
      reader.deserialize(bytes);
    } catch (error) {
      if (error instanceof UnknownSchemaId) return error;
    }
    throw new Error('expected an UnknownSchemaId');
  };
  const [first, second] = [unknown(), unknown()];
  expect(first.id).toBe(2);
  await Promise.all([first.load(), second.load()]);
  expect(reader.deserialize(bytes)).toEqual({ id: 'o-1' });
  expect(requests).toBe(1);
});

test('an id the registry does not know makes load fail, again and again until it does', async () => {
  const registry = memoryRegistry();
  const reader = await avroSerde({ schema: record<{ id: string }>([ID]), subject: 's', registry });
  const bytes = Buffer.from([0, 0, 0, 0, 2, 4, 0x61, 0x62]);
  const load = async () => {
    try {
      reader.deserialize(bytes);
    } catch (error) {
      if (error instanceof UnknownSchemaId) await error.load();
    }
  };
  await expect(load()).rejects.toThrow(failure('UNKNOWN_SCHEMA'));
  await expect(load()).rejects.toThrow(failure('UNKNOWN_SCHEMA'));
  await registry.register('s', JSON.stringify(record([{ ...ID, default: '' }])));
  await load();
  expect(reader.deserialize(bytes)).toEqual({ id: 'ab' });
});

test('a version ours cannot read does not stop the start, and fails each value written with it', async () => {
  const registry = memoryRegistry();
  await registry.register('s', JSON.stringify(record([{ name: 'id', type: 'long' }])));
  const reader = await avroSerde({ schema: record<{ id: string }>([ID]), subject: 's', registry });
  const bytes = Buffer.from([0, 0, 0, 0, 1, 4]);
  expect(() => reader.deserialize(bytes)).toThrow(failure('INCOMPATIBLE_SCHEMA'));
});

test('a union of several records holds its value under the name of its branch', async () => {
  const branch = (name: string) => ({ type: 'record', name: `shop.${name}`, fields: [ID] });
  type Payload = { readonly 'shop.Opened': { id: string } } | { readonly 'shop.Closed': { id: string } };
  const serde = await avroSerde({
    schema: record<{ payload: Payload }>([{ name: 'payload', type: [branch('Opened'), branch('Closed')] }]),
    subject: 's',
    registry: memoryRegistry(),
  });
  const value = { payload: { 'shop.Closed': { id: 'o-1' } } };
  expect(serde.deserialize(serde.serialize(value))).toEqual(value);
});
