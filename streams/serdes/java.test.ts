import { expect, test } from 'vitest';
import { type AvroSchema, avroSerde, memoryRegistry } from './index.ts';
import { askAvroJava, withoutOracle } from './testing/avro-oracle.ts';

interface Order {
  readonly id: string;
  readonly state: 'open' | 'paid';
  readonly total: null | number;
  readonly placedAt: number;
  readonly express: boolean;
  readonly lines: readonly { readonly sku: string; readonly count: number }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly digest: Buffer;
  readonly payment:
    | null
    | { readonly 'shop.Card': { last4: string } }
    | { readonly 'shop.Cash': { given: number } };
}

const ID = { name: 'id', type: 'string' };
const line = {
  type: 'record',
  name: 'Line',
  fields: [
    { name: 'sku', type: 'string' },
    { name: 'count', type: 'int' },
  ],
};
const card = { type: 'record', name: 'Card', fields: [{ name: 'last4', type: 'string' }] };
const cash = { type: 'record', name: 'Cash', fields: [{ name: 'given', type: 'float' }] };
const record = <T>(
  ...fields: readonly object[]
): AvroSchema<T> & { readonly namespace: string; readonly fields: unknown } => ({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields,
});

const ORDER = record<Order>(
  ID,
  { name: 'state', type: { type: 'enum', name: 'State', symbols: ['open', 'paid'] } },
  { name: 'total', type: ['null', 'double'], default: null },
  { name: 'placedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'express', type: 'boolean' },
  { name: 'lines', type: { type: 'array', items: line } },
  { name: 'labels', type: { type: 'map', values: 'string' } },
  { name: 'digest', type: 'bytes' },
  { name: 'payment', type: ['null', card, cash], default: null },
);

const AN_ORDER: Order = {
  id: 'ö-1 😀',
  state: 'paid',
  total: 12.5,
  placedAt: 1_763_780_000_000,
  express: true,
  lines: [
    { sku: 'tea', count: -3 },
    { sku: '', count: 2 ** 31 - 1 },
  ],
  labels: { channel: 'web', __proto_: 'x' },
  digest: Buffer.from([0, 127, 128, 255]),
  payment: { 'shop.Cash': { given: 0.5 } },
};
const OTHERS: readonly Order[] = [
  { ...AN_ORDER, total: null, payment: null, lines: [], labels: {}, digest: Buffer.alloc(0), placedAt: -1 },
  { ...AN_ORDER, payment: { 'shop.Card': { last4: '4242' } }, placedAt: 2 ** 53 - 2, total: -0.1 },
];

test.skipIf(withoutOracle)('Avro for Java reads our bytes, and we read what it writes', async () => {
  const serde = await avroSerde({ schema: ORDER, subject: 'orders-value', registry: memoryRegistry() });
  const schema = JSON.stringify(ORDER);
  const orders = [AN_ORDER, ...OTHERS];
  const answers = await askAvroJava(
    orders.map((order) => ({
      ask: 'read',
      reader: schema,
      writer: schema,
      hex: serde.serialize(order).toString('hex'),
    })),
  );
  expect(answers).toEqual(orders.map(() => expect.objectContaining({ magic: 0, id: 1, atEnd: true })));
  const [first] = answers.map((answer) => JSON.parse(Object(answer).value));
  expect(first).toMatchObject({ id: 'ö-1 😀', state: 'paid', total: 12.5, payment: { given: 0.5 } });
  const theirs = answers.map((answer) => serde.deserialize(Buffer.from(Object(answer).hex, 'hex')));
  expect(theirs).toEqual(orders);
});

test.skipIf(withoutOracle)('Avro for Java resolves versions of a schema as we do', async () => {
  const registry = memoryRegistry();
  const older = record<{ id: string; count: number; gone: string }>(
    ID,
    { name: 'count', type: 'int' },
    { name: 'gone', type: 'string' },
  );
  const newer = record<{ note: null | string; count: number; id: string }>(
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'count', type: 'double' },
    ID,
  );
  const writing = await avroSerde({ schema: older, subject: 's', registry });
  const reading = await avroSerde({ schema: newer, subject: 's', registry });
  const bytes = writing.serialize({ id: 'o-1', count: 7, gone: 'x' });
  const [answer] = await askAvroJava([
    {
      ask: 'read',
      reader: JSON.stringify(newer),
      writer: JSON.stringify(older),
      hex: bytes.toString('hex'),
    },
  ]);
  expect(JSON.parse(Object(answer).value)).toEqual(reading.deserialize(bytes));
});
