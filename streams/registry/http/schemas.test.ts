import { beforeEach, expect, test } from 'vitest';
import type { RegistryServer } from '../server.ts';
import { request, schemaOf, temporaryRegistry } from '../testing.ts';

const V1 = schemaOf([{ name: 'id', type: 'string' }]);
const V2 = schemaOf([{ name: 'id', type: 'string' }], { doc: 'An order.' });

let server: RegistryServer;
const ask = (line: string, body?: unknown) => request(server, line, body);
const ok = (body: unknown) => ({ status: 200, body });

beforeEach(async () => {
  server = await temporaryRegistry();
  for (const [subject, schema] of [
    ['a', V1],
    ['a', V2],
    ['b', V1],
  ] as const)
    await ask(`POST /subjects/${subject}/versions`, schema);
});

test('a schema is had by its id, with or without wrapping', async () => {
  expect(await ask('GET /schemas/ids/1')).toEqual(ok({ schema: V1.schema }));
  expect(await ask('GET /schemas/ids/1/schema')).toEqual(ok(JSON.parse(V1.schema)));
});

test('an id tells where it is used', async () => {
  expect(await ask('GET /schemas/ids/1/subjects')).toEqual(ok(['a', 'b']));
  const [inA, inB] = [
    { subject: 'a', version: 1 },
    { subject: 'b', version: 1 },
  ];
  expect(await ask('GET /schemas/ids/1/versions')).toEqual(ok([inA, inB]));
  await ask('DELETE /subjects/b');
  expect(await ask('GET /schemas/ids/1/versions')).toEqual(ok([inA]));
  expect(await ask('GET /schemas/ids/1/versions?deleted=true')).toEqual(ok([inA, inB]));
  expect(await ask('GET /schemas/ids/1/subjects?deleted=true')).toEqual(ok(['a', 'b']));
});

test.each(['9', '0', '-1', 'x', '1e0'])('there is no id %s', async (id) => {
  for (const path of ['', '/schema', '/subjects', '/versions'])
    expect(await ask(`GET /schemas/ids/${id}${path}`)).toMatchObject({
      status: 404,
      body: { error_code: 40403 },
    });
});

test('all schemas are listed, or the latest, by prefix of their subject', async () => {
  const described = (subject: string, version: number, id: number, { schema }: typeof V1) => ({
    subject,
    version,
    id,
    schema,
  });
  const all = [described('a', 1, 1, V1), described('a', 2, 2, V2), described('b', 1, 1, V1)];
  expect(await ask('GET /schemas')).toEqual(ok(all));
  expect(await ask('GET /schemas?latestOnly=true')).toEqual(ok(all.slice(1)));
  expect(await ask('GET /schemas?subjectPrefix=b')).toEqual(ok(all.slice(2)));
  expect(await ask('GET /schemas?offset=1&limit=1')).toEqual(ok(all.slice(1, 2)));
});

test('the one type of schema is Avro', async () => {
  expect(await ask('GET /schemas/types')).toEqual(ok(['AVRO']));
});
