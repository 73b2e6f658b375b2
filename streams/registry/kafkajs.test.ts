import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { beforeEach, expect, test } from 'vitest';
import type { RegistryServer } from './server.ts';
import { request, schemaOf, temporaryRegistry } from './testing.ts';

const { AVRO } = SchemaType;
const ID = { name: 'id', type: 'string' };
const V1 = { type: AVRO, ...schemaOf([ID]) } as const;
const V2 = { type: AVRO, ...schemaOf([ID, { name: 'total', type: 'double', default: 0 }]) } as const;
const BAD = { type: AVRO, ...schemaOf([{ name: 'id', type: 'long' }]) } as const;

let server: RegistryServer;
let client: SchemaRegistry;
const newClient = () => new SchemaRegistry({ host: server.url, retry: { retries: 0 } });

beforeEach(async () => {
  server = await temporaryRegistry();
  client = newClient();
});

test('a subject is registered by the name of its record, with a compatibility level of its own', async () => {
  expect(await client.register(V1)).toEqual({ id: 1 });
  expect(await request(server, 'GET /config/shop.Order')).toMatchObject({
    body: { compatibilityLevel: 'BACKWARD' },
  });
  expect(await client.register(V2)).toEqual({ id: 2 });
  expect(await client.register(V1)).toEqual({ id: 1 });
});

test('a level that is not the subject’s is refused by the client, an incompatible schema by us', async () => {
  const options = { subject: 'orders', compatibility: COMPATIBILITY.FULL_TRANSITIVE };
  await client.register(V1, options);
  await expect(client.register(V2, { subject: 'orders' })).rejects.toThrow('Compatibility does not match');
  await expect(client.register(BAD, options)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('TYPE_MISMATCH'),
  });
});

test('values travel from one client to another', async () => {
  const { id } = await client.register(V2);
  const bytes = await client.encode(id, { id: 'o-1', total: 12.5 });
  expect(await newClient().decode(bytes)).toEqual({ id: 'o-1', total: 12.5 });
});

test('ids are found by version and by schema', async () => {
  await client.register(V1, { subject: 'orders' });
  await client.register(V2, { subject: 'orders' });
  expect(await client.getRegistryId('orders', 1)).toBe(1);
  expect(await client.getLatestSchemaId('orders')).toBe(2);
  expect(await client.getRegistryIdBySchema('orders', V1)).toBe(1);
  await expect(client.getRegistryIdBySchema('orders', BAD)).rejects.toThrow('Schema not found');
  await expect(client.getSchema(99)).rejects.toMatchObject({ status: 404 });
});

test('references are followed', async () => {
  const money = {
    schema: '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}',
  };
  const bill =
    '{"type":"record","name":"Bill","namespace":"shop","fields":[{"name":"net","type":"shop.Money"}]}';
  await client.register({ type: AVRO, ...money }, { subject: 'money' });
  const references = [{ name: 'shop.Money', subject: 'money', version: 1 }];
  const { id } = await client.register({ type: AVRO, schema: bill, references }, { subject: 'bills' });
  const bytes = await client.encode(id, { net: { cents: 5 } });
  expect(await newClient().decode(bytes)).toEqual({ net: { cents: 5 } });
});
