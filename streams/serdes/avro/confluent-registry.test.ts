import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryRegistry } from '../../registry/testing.ts';
import { type AvroSchema, avroSerde } from './avro-serde.ts';
import { confluentRegistry } from './confluent-registry.ts';
import { UnknownSchemaId } from './schema-registry.ts';

interface Order {
  readonly id: string;
}

interface PricedOrder extends Order {
  readonly total: number;
}

function order<T>(
  ...more: readonly object[]
): AvroSchema<T> & { readonly namespace: string; readonly fields: unknown } {
  return {
    type: 'record',
    name: 'Order',
    namespace: 'shop',
    fields: [{ name: 'id', type: 'string' }, ...more],
  };
}

const ORDER = order<Order>();
const PRICED_ORDER = order<PricedOrder>({ name: 'total', type: 'double', default: 0 });
const failure = (code: string) => expect.objectContaining({ name: 'SerdeError', code });

/** A server that only answers this. */
async function fakeRegistry(status: number, body: unknown, seen: IncomingMessage[] = []): Promise<string> {
  const server: Server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${addressOf(server).port}`;
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address;
}

test('serdes of two versions read each other’s values, whichever came first', async () => {
  const { url } = await temporaryRegistry();
  const serde = <T>(schema: AvroSchema<T>) =>
    avroSerde({ schema, subject: 'orders-value', registry: confluentRegistry({ url }) });
  const older = await serde(ORDER);
  const newer = await serde(PRICED_ORDER);
  expect(newer.deserialize(older.serialize({ id: 'o-1' }))).toEqual({ id: 'o-1', total: 0 });

  const bytes = newer.serialize({ id: 'o-2', total: 5 });
  const unknown = thrownBy(() => older.deserialize(bytes));
  if (!(unknown instanceof UnknownSchemaId)) throw new Error('expected an UnknownSchemaId');
  await unknown.load();
  expect(older.deserialize(bytes)).toEqual({ id: 'o-2' });
});

test('a subject gets the level BACKWARD_TRANSITIVE, and every version of it is known', async () => {
  const { url, registry } = await temporaryRegistry();
  const client = confluentRegistry({ url });
  expect(await client.ids('orders-value')).toEqual([]);
  await client.register('orders-value', JSON.stringify(ORDER));
  await client.register('orders-value', JSON.stringify(PRICED_ORDER));
  expect(await client.ids('orders-value')).toEqual([1, 2]);
  expect(JSON.parse(await client.schema(2))).toMatchObject({ name: 'shop.Order' });
  expect(registry.store.config('orders-value')).toMatchObject({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
});

test('an incompatible schema is refused with the registry’s reasons', async () => {
  const { url } = await temporaryRegistry();
  const registry = confluentRegistry({ url });
  await avroSerde({ schema: ORDER, subject: 's', registry });
  const incompatible = order<PricedOrder>({ name: 'total', type: 'double' });
  const attempt = avroSerde({ schema: incompatible, subject: 's', registry });
  await expect(attempt).rejects.toThrow(failure('REGISTRY_REFUSED'));
  await expect(attempt).rejects.toThrow('READER_FIELD_MISSING_DEFAULT_VALUE');
});

test('an unknown id is told apart from a registry that cannot be reached', async () => {
  const server = await temporaryRegistry();
  const client = confluentRegistry({ url: server.url });
  await expect(client.schema(7)).rejects.toThrow(failure('UNKNOWN_SCHEMA'));
  await server.close();
  await expect(client.schema(8)).rejects.toThrow(failure('REGISTRY_UNAVAILABLE'));
  await expect(client.ids('s')).rejects.toThrow(failure('REGISTRY_UNAVAILABLE'));
  await expect(client.register('s', JSON.stringify(ORDER))).rejects.toThrow(failure('REGISTRY_UNAVAILABLE'));
});

test('a failing registry is unavailable, one that forbids is a refusal', async () => {
  const failing = confluentRegistry({
    url: await fakeRegistry(500, { error_code: 50001, message: 'no store' }),
  });
  await expect(failing.ids('s')).rejects.toThrow(failure('REGISTRY_UNAVAILABLE'));
  const forbidding = confluentRegistry({
    url: await fakeRegistry(403, { error_code: 403, message: 'forbidden' }),
  });
  await expect(forbidding.ids('s')).rejects.toThrow(failure('REGISTRY_REFUSED'));
  await expect(forbidding.schema(1)).rejects.toThrow(failure('REGISTRY_REFUSED'));
});

test('a schema that is not Avro is told as that', async () => {
  const url = await fakeRegistry(200, { schemaType: 'JSON', schema: '{"type": "object"}' });
  await expect(confluentRegistry({ url }).schema(1)).rejects.toThrow(failure('INCOMPATIBLE_SCHEMA'));
});

test('user and password of the URL go into a header, and into no message', async () => {
  const seen: IncomingMessage[] = [];
  const url = (await fakeRegistry(401, { error_code: 401, message: 'Unauthorized' }, seen)).replace(
    '//',
    '//us%40er:p%2Fw@',
  );
  const client = confluentRegistry({ url });
  for (const attempt of [client.ids('s'), client.schema(1), client.register('s', JSON.stringify(ORDER))]) {
    const error = await attempt.catch((reason) => reason);
    expect(error).toMatchObject({ code: 'REGISTRY_REFUSED' });
    expect(error.message).not.toMatch(/er:|p%2Fw|p\/w/);
  }
  const expected = `Basic ${Buffer.from('us@er:p/w').toString('base64')}`;
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(seen.map(() => expected));
  expect(seen.length).toBeGreaterThanOrEqual(3);
});
