import { beforeEach, describe, expect, test } from 'vitest';
import type { RegistryServer } from '../server.ts';
import { request, schemaOf, temporaryRegistry } from '../testing.ts';

const V1 = schemaOf([{ name: 'id', type: 'string' }]);
const V2 = schemaOf([
  { name: 'id', type: 'string' },
  { name: 'total', type: 'double', default: 0 },
]);
const V3 = schemaOf([
  { name: 'id', type: 'string' },
  { name: 'total', type: 'double', default: 0 },
  { name: 'note', type: ['null', 'string'], default: null },
]);
const MONEY = {
  schema: '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}',
};
const INVOICE = {
  schema: '{"type":"record","name":"Invoice","namespace":"shop","fields":[{"name":"net","type":"Money"}]}',
  references: [{ name: 'shop.Money', subject: 'money', version: 1 }],
};

let server: RegistryServer;
const ask = (line: string, body?: unknown) => request(server, line, body);
const ok = (body: unknown) => ({ status: 200, body });
const error = (status: number, code: number, message?: string) => ({
  status,
  body: {
    error_code: code,
    message: message === undefined ? expect.any(String) : expect.stringContaining(message),
  },
});

async function register(subject: string, ...schemas: readonly object[]): Promise<void> {
  for (const schema of schemas)
    expect((await ask(`POST /subjects/${subject}/versions`, schema)).status).toBe(200);
}

beforeEach(async () => {
  server = await temporaryRegistry();
});

describe('registering', () => {
  test('ids count up over all subjects, versions within each', async () => {
    expect(await ask('POST /subjects/a/versions', V1)).toEqual(ok({ id: 1 }));
    expect(await ask('POST /subjects/a/versions', V2)).toEqual(ok({ id: 2 }));
    expect(await ask('POST /subjects/b/versions', V3)).toEqual(ok({ id: 3 }));
    expect(await ask('GET /subjects/a/versions')).toEqual(ok([1, 2]));
    expect(await ask('GET /subjects/b/versions/1')).toEqual(
      ok({ subject: 'b', version: 1, id: 3, schema: V3.schema }),
    );
  });

  test('the same schema again, however it is written, is the same version', async () => {
    await register('a', V1);
    const rewritten =
      '{ "fields": [{"type": {"type": "string"}, "name": "id"}], "name": "shop.Order", "type": "record"}';
    expect(await ask('POST /subjects/a/versions', { schema: rewritten })).toEqual(ok({ id: 1 }));
    expect(await ask('GET /subjects/a/versions')).toEqual(ok([1]));
  });

  test('another doc is another schema', async () => {
    await register('a', V1);
    const documented = schemaOf([{ name: 'id', type: 'string' }], { doc: 'An order.' });
    expect(await ask('POST /subjects/a/versions', documented)).toEqual(ok({ id: 2 }));
  });

  test('the same schema under another subject has the same id', async () => {
    await register('a', V1, V2);
    expect(await ask('POST /subjects/b/versions', V2)).toEqual(ok({ id: 2 }));
    expect(await ask('GET /subjects/b/versions')).toEqual(ok([1]));
  });

  test('attributes in another order are the same schema when normalized', async () => {
    await register('a', { schema: '{"type":"string","x":1,"y":2}' });
    const other = { schema: '{"type":"string","y":2,"x":1}' };
    expect(await ask('POST /subjects/a/versions?normalize=true', other)).toEqual(ok({ id: 1 }));
    expect(await ask('POST /subjects/a/versions', other)).toEqual(ok({ id: 2 }));
  });

  test('an incompatible schema is refused, told where and why', async () => {
    await register('a', V1);
    const incompatible = schemaOf([{ name: 'id', type: 'long' }]);
    expect(await ask('POST /subjects/a/versions', incompatible)).toEqual(error(409, 409, 'TYPE_MISMATCH'));
    expect(await ask('POST /subjects/a/versions', incompatible)).toEqual(error(409, 409, '/fields/0/type'));
  });

  test.each([
    ['no Avro', { schema: '{"type":"nothing"}' }, 'the type "nothing" is not defined'],
    ['no JSON', { schema: '{' }, 'not JSON'],
    ['nothing', { schema: ' ' }, 'Empty schema'],
    ['a wrong default', schemaOf([{ name: 'n', type: 'int', default: 'x' }]), 'default of field n'],
    ['JSON Schema', { schema: '{}', schemaType: 'JSON' }, 'takes AVRO only'],
    ['Protobuf', { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' }, 'takes AVRO only'],
    ['a version out of turn', { ...V1, version: 5 }, 'next version of subject a is 1'],
    ['an unknown reference', { ...INVOICE }, 'no version 1 of subject "money"'],
  ])('%s is no schema', async (_what, body, message) => {
    expect(await ask('POST /subjects/a/versions', body)).toEqual(error(422, 42201, message));
    expect(await ask('GET /subjects')).toEqual(ok([]));
  });

  test.each([
    ['no schema', {}, '/schema'],
    ['a schema that is no text', { schema: {} }, '/schema'],
    ['references that are none', { ...V1, references: [{ name: 'x' }] }, '/references'],
    ['rules', { ...V1, ruleSet: { domainRules: [] } }, 'rules are not supported'],
    ['metadata', { ...V1, metadata: { properties: {} } }, 'metadata is not supported'],
  ])('a body with %s is refused', async (_what, body, message) => {
    expect(await ask('POST /subjects/a/versions', body)).toEqual(error(422, 422, message));
  });

  test('attributes that are null are as good as absent', async () => {
    const body = {
      ...V1,
      schemaType: null,
      references: null,
      id: null,
      version: null,
      metadata: null,
      ruleSet: null,
    };
    expect(await ask('POST /subjects/a/versions', body)).toEqual(ok({ id: 1 }));
  });

  test('a schema that is nested deeper than the stack is no schema', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const schema = `{"type":"string","x":${deep}}`;
    expect(await ask('POST /subjects/a/versions', { schema })).toEqual(
      error(422, 42201, 'nested too deeply'),
    );
  });

  test('an id of the client is not taken', async () => {
    expect(await ask('POST /subjects/a/versions', { ...V1, id: 7 })).toEqual(
      error(422, 42205, 'not in import mode'),
    );
  });

  test.each(['%20', '%0a', 'a%00b'])('the subject %s is refused', async (subject) => {
    expect(await ask(`POST /subjects/${subject}/versions`, V1)).toEqual(error(422, 42208));
  });

  test.each(['a%2Fb', '%C3%A9', '__proto__', 'constructor', 'x'.repeat(300)])(
    'the subject %s is one like any other',
    async (subject) => {
      await register(subject, V1);
      expect(await ask('GET /subjects')).toEqual(ok([decodeURIComponent(subject)]));
      expect(await ask(`GET /subjects/${subject}/versions/latest`)).toMatchObject({
        status: 200,
        body: { id: 1 },
      });
    },
  );
});

describe('references', () => {
  test('a schema may use the types of another, and is given out as it was sent', async () => {
    await register('money', MONEY);
    await register('invoices', INVOICE);
    expect(await ask('GET /subjects/invoices/versions/1')).toEqual(
      ok({ subject: 'invoices', version: 1, id: 2, ...INVOICE }),
    );
    expect(await ask('GET /schemas/ids/2')).toEqual(ok(INVOICE));
    expect(await ask('GET /subjects/money/versions/1/referencedby')).toEqual(ok([2]));
  });

  test('two ways to one type define it once', async () => {
    await register('money', MONEY);
    await register('invoices', INVOICE);
    const both = {
      schema:
        '{"type":"record","name":"Both","namespace":"shop","fields":[{"name":"a","type":"Invoice"},{"name":"b","type":"Money"}]}',
      references: [...INVOICE.references, { name: 'shop.Invoice', subject: 'invoices', version: 1 }],
    };
    expect(await ask('POST /subjects/both/versions', both)).toEqual(ok({ id: 3 }));
  });

  test('compatibility is checked through them', async () => {
    await register('money', MONEY, {
      schema:
        '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"double"}]}',
    });
    const [reference] = INVOICE.references;
    await register('invoices', { ...INVOICE, references: [{ ...reference, version: 2 }] });
    expect(await ask('POST /subjects/invoices/versions', INVOICE)).toEqual(
      error(409, 409, '/fields/0/type/fields/0/type'),
    );
  });

  test('a schema is found with its references written out', async () => {
    await register('money', MONEY);
    await register('invoices', INVOICE);
    const whole = JSON.stringify({
      ...JSON.parse(INVOICE.schema),
      fields: [{ name: 'net', type: JSON.parse(MONEY.schema) }],
    });
    expect(await ask('POST /subjects/invoices', { schema: whole })).toMatchObject({
      status: 200,
      body: { id: 2 },
    });
    expect(await ask('POST /subjects/invoices/versions', { schema: whole })).toEqual(ok({ id: 2 }));
  });

  test('what is referred to cannot be deleted before what refers to it', async () => {
    await register('money', MONEY);
    await register('invoices', INVOICE);
    expect(await ask('DELETE /subjects/money/versions/1')).toEqual(
      error(422, 42206, 'subject=money,version=1'),
    );
    expect(await ask('DELETE /subjects/money')).toEqual(error(422, 42206));
    await ask('DELETE /subjects/invoices');
    expect(await ask('DELETE /subjects/money')).toEqual(ok([1]));
    // The invoices are only softly deleted: they may come back.
    expect(await ask('DELETE /subjects/money?permanent=true')).toEqual(error(422, 42206));
    await ask('DELETE /subjects/invoices?permanent=true');
    expect(await ask('DELETE /subjects/money?permanent=true')).toEqual(ok([1]));
  });
});

describe('looking up', () => {
  test('a schema is found under its subject', async () => {
    await register('a', V1, V2);
    expect(await ask('POST /subjects/a', V2)).toEqual(
      ok({ subject: 'a', version: 2, id: 2, schema: V2.schema }),
    );
  });

  test('an unknown schema and an unknown subject are told apart', async () => {
    await register('a', V1);
    expect(await ask('POST /subjects/a', V2)).toEqual(error(404, 40403, 'Schema not found'));
    expect(await ask('POST /subjects/b', V1)).toEqual(error(404, 40401, "Subject 'b' not found."));
  });

  test('by version: number, latest, -1', async () => {
    await register('a', V1, V2);
    for (const version of ['2', 'latest', '-1'])
      expect(await ask(`GET /subjects/a/versions/${version}`)).toMatchObject({
        status: 200,
        body: { version: 2 },
      });
    expect(await ask('GET /subjects/a/versions/1/schema')).toEqual(ok(JSON.parse(V1.schema)));
    expect(await ask('GET /subjects/a/versions/3')).toEqual(error(404, 40402, 'Version 3 not found.'));
    expect(await ask('GET /subjects/b/versions/1')).toEqual(error(404, 40401));
  });

  test.each(['0', '-2', '1.5', 'newest', '2147483648', '1e3', '%20'])('%s is no version', async (version) => {
    await register('a', V1);
    expect(await ask(`GET /subjects/a/versions/${version}`)).toEqual(error(422, 42202));
  });

  test('subjects are listed in order, by prefix, page by page', async () => {
    await register('b', V1);
    await register('a2', V1);
    await register('a1', V1);
    expect(await ask('GET /subjects')).toEqual(ok(['a1', 'a2', 'b']));
    expect(await ask('GET /subjects?subjectPrefix=a')).toEqual(ok(['a1', 'a2']));
    expect(await ask('GET /subjects?subjectPrefix=:*:b')).toEqual(ok(['b']));
    expect(await ask('GET /subjects?offset=1&limit=1')).toEqual(ok(['a2']));
  });
});

describe('deleting', () => {
  test('a subject deleted softly is not listed, but its schemas are still had by id', async () => {
    await register('a', V1, V2);
    expect(await ask('DELETE /subjects/a')).toEqual(ok([1, 2]));
    expect(await ask('GET /subjects')).toEqual(ok([]));
    expect(await ask('GET /subjects?deleted=true')).toEqual(ok(['a']));
    expect(await ask('GET /subjects?deletedOnly=true')).toEqual(ok(['a']));
    expect(await ask('GET /subjects/a/versions')).toEqual(error(404, 40401));
    expect(await ask('GET /subjects/a/versions?deleted=true')).toEqual(ok([1, 2]));
    expect(await ask('GET /subjects/a/versions/1?deleted=true')).toMatchObject({ body: { deleted: true } });
    expect(await ask('POST /subjects/a', V1)).toEqual(error(404, 40401));
    expect(await ask('POST /subjects/a?deleted=true', V1)).toMatchObject({ status: 200 });
    expect(await ask('GET /schemas/ids/1')).toEqual(ok({ schema: V1.schema }));
  });

  test('twice softly is an error, and so is permanently without softly first', async () => {
    await register('a', V1);
    expect(await ask('DELETE /subjects/a?permanent=true')).toEqual(error(404, 40405));
    await ask('DELETE /subjects/a');
    expect(await ask('DELETE /subjects/a')).toEqual(error(404, 40404));
    expect(await ask('DELETE /subjects/a?permanent=true')).toEqual(ok([1]));
    expect(await ask('DELETE /subjects/a')).toEqual(error(404, 40401));
    expect(await ask('GET /subjects?deleted=true')).toEqual(ok([]));
    expect(await ask('GET /schemas/ids/1')).toEqual(error(404, 40403));
  });

  test('a version is deleted alone, softly and then for good', async () => {
    await register('a', V1, V2);
    expect(await ask('DELETE /subjects/a/versions/1?permanent=true')).toEqual(error(404, 40407));
    expect(await ask('DELETE /subjects/a/versions/latest')).toEqual(ok(2));
    expect(await ask('GET /subjects/a/versions/latest')).toMatchObject({ body: { version: 1 } });
    expect(await ask('DELETE /subjects/a/versions/2')).toEqual(error(404, 40406));
    expect(await ask('DELETE /subjects/a/versions/2?permanent=true')).toEqual(ok(2));
    expect(await ask('GET /subjects/a/versions?deleted=true')).toEqual(ok([1]));
    expect(await ask('DELETE /subjects/a/versions/3')).toEqual(error(404, 40402));
    expect(await ask('DELETE /subjects/b/versions/1')).toEqual(error(404, 40401));
  });

  test('a schema registered again after its deletion keeps its id and gets a new version', async () => {
    await register('a', V1);
    await ask('DELETE /subjects/a');
    expect(await ask('POST /subjects/a/versions', V1)).toEqual(ok({ id: 1 }));
    expect(await ask('GET /subjects/a/versions?deleted=true')).toEqual(ok([2]));
  });

  test('what was deleted no longer counts for compatibility', async () => {
    await register('a', V1);
    await ask('DELETE /subjects/a/versions/1');
    await register('a', schemaOf([{ name: 'id', type: 'long' }]));
  });

  test('ids are not used again', async () => {
    await register('a', V1);
    await ask('DELETE /subjects/a');
    await ask('DELETE /subjects/a?permanent=true');
    expect(await ask('POST /subjects/a/versions', V2)).toEqual(ok({ id: 2 }));
  });

  test('with the last version go the subject’s settings', async () => {
    await register('a', V1);
    await ask('PUT /config/a', { compatibility: 'NONE' });
    await ask('PUT /mode/a', { mode: 'READWRITE' });
    await ask('DELETE /subjects/a/versions/1');
    expect(await ask('GET /config/a')).toEqual(ok({ compatibilityLevel: 'NONE' }));
    await ask('DELETE /subjects/a/versions/1?permanent=true');
    expect(await ask('GET /config/a')).toEqual(error(404, 40408));
    expect(await ask('GET /mode/a')).toEqual(error(404, 40409));
  });
});
