import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, type RegistryRecord } from './records.ts';

const VERSION = {
  subject: 'orders-value',
  version: 2,
  id: 7,
  schemaType: 'AVRO',
  references: [],
  schema: '"string"',
  deleted: false,
};

/** As Confluent's registry writes them. */
const WRITTEN: readonly (readonly [record: RegistryRecord, key: string, value: string | null])[] = [
  [
    { kind: 'SCHEMA', subject: 'orders-value', version: 2, value: VERSION },
    '{"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}',
    '{"subject":"orders-value","version":2,"id":7,"schema":"\\"string\\"","deleted":false}',
  ],
  [
    {
      kind: 'SCHEMA',
      subject: 'orders-value',
      version: 2,
      value: {
        ...VERSION,
        schemaType: 'PROTOBUF',
        references: [{ name: 'm.proto', subject: 'money', version: 1 }],
        deleted: true,
      },
    },
    '{"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}',
    '{"subject":"orders-value","version":2,"id":7,"schemaType":"PROTOBUF",' +
      '"references":[{"name":"m.proto","subject":"money","version":1}],"schema":"\\"string\\"","deleted":true}',
  ],
  [
    { kind: 'SCHEMA', subject: 'orders-value', version: 2, value: null },
    '{"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}',
    null,
  ],
  [
    { kind: 'CONFIG', subject: 'orders-value', value: { compatibilityLevel: 'FULL', normalize: undefined } },
    '{"keytype":"CONFIG","subject":"orders-value","magic":0}',
    '{"subject":"orders-value","compatibilityLevel":"FULL"}',
  ],
  [
    { kind: 'CONFIG', subject: undefined, value: { compatibilityLevel: 'NONE', normalize: true } },
    '{"keytype":"CONFIG","magic":0}',
    '{"compatibilityLevel":"NONE","normalize":true}',
  ],
  [
    { kind: 'MODE', subject: 'orders-value', value: 'READONLY' },
    '{"keytype":"MODE","subject":"orders-value","magic":0}',
    '{"subject":"orders-value","mode":"READONLY"}',
  ],
  [
    { kind: 'DELETE_SUBJECT', subject: 'orders-value', version: 2 },
    '{"keytype":"DELETE_SUBJECT","subject":"orders-value","magic":0}',
    '{"subject":"orders-value","version":2}',
  ],
];

const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));

test.each(WRITTEN)('%j is written as Confluent does, and read back', (record, key, value) => {
  const encoded = encodeRecord(record);
  expect([encoded.key.toString(), encoded.value?.toString() ?? null]).toEqual([key, value]);
  expect(decodeRecord(encoded.key, encoded.value)).toEqual(record);
});

test('what newer and older registries add or leave out is read too', () => {
  const value = `{"subject":"s","version":1,"id":3,"md5":"cGXmvHT=","schema":"\\"int\\"","deleted":false,"ts":1}`;
  expect(
    decodeRecord(bytes('{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}'), bytes(value)),
  ).toMatchObject({
    value: { id: 3, schemaType: 'AVRO', references: [] },
  });
  expect(
    decodeRecord(
      bytes('{"keytype":"CONFIG","subject":null,"magic":0}'),
      bytes('{"compatibilityLevel":"FULL"}'),
    ),
  ).toMatchObject({ kind: 'CONFIG', subject: undefined, value: { compatibilityLevel: 'FULL' } });
});

test.each([
  ['another key type', '{"keytype":"NOOP","magic":0}', null],
  ['a mode that is not ours', '{"keytype":"MODE","magic":0}', '{"mode":"IMPORT"}'],
  ['a schema without id', '{"keytype":"SCHEMA","subject":"s","version":1}', '{"schema":"int"}'],
  ['a key that is no JSON', 'schema', '{}'],
  ['a value that is no JSON', '{"keytype":"CONFIG","magic":0}', 'FULL'],
  ['a value that is no object', '{"keytype":"CONFIG","magic":0}', '[]'],
  ['no key', null, '{}'],
])('%s says nothing', (_what, key, value) => {
  expect(decodeRecord(bytes(key), bytes(value))).toBeUndefined();
});
