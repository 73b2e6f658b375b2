import { expect, test } from 'vitest';
import type { RegistryRecord, SchemaVersion } from './records.ts';
import { SchemaStore } from './schema-store.ts';

function version(subject: string, number: number, more: Partial<SchemaVersion> = {}): RegistryRecord {
  const value: SchemaVersion = {
    subject,
    version: number,
    id: number,
    schemaType: 'AVRO',
    references: [],
    schema: '"string"',
    deleted: false,
    ...more,
  };
  return { kind: 'SCHEMA', subject, version: number, value };
}

function storeOf(...records: readonly RegistryRecord[]): SchemaStore {
  const store = new SchemaStore('FULL');
  for (const record of records) store.apply(record);
  return store;
}

test('versions and subjects come in order, whatever order they were written in', () => {
  const store = storeOf(version('b', 1), version('a', 2), version('a', 10), version('a', 1));
  expect(store.subjects()).toEqual(['a', 'b']);
  expect(store.versions('a').map(({ version }) => version)).toEqual([1, 2, 10]);
});

test('the deletion of a subject spares versions that came after it', () => {
  // So a compacted topic may hold it: before the versions it was written after.
  const store = storeOf(version('a', 1), version('a', 2), {
    kind: 'DELETE_SUBJECT',
    subject: 'a',
    version: 1,
  });
  expect(store.versions('a').map(({ version }) => version)).toEqual([2]);
});

test('ids go on after the highest there ever was', () => {
  const store = storeOf(version('a', 1, { id: 41 }), {
    kind: 'SCHEMA',
    subject: 'a',
    version: 1,
    value: null,
  });
  expect(store.nextId).toBe(42);
});

test('a version that was replaced is read anew', () => {
  const store = storeOf(version('a', 1));
  const before = store.version('a', 1);
  expect(before && store.read(before)?.canonical).toBe('"string"');
  store.apply(version('a', 1, { schema: '{"type": "int"}' }));
  const after = store.version('a', 1);
  expect(after && store.read(after)?.canonical).toBe('"int"');
});

test.each([
  ['of another type', { schemaType: 'PROTOBUF', schema: 'syntax = "proto3";' }],
  ['that is no Avro', { schema: '{"type": "nothing"}' }],
  ['whose reference is gone', { references: [{ name: 'x', subject: 'gone', version: 1 }] }],
])('a version %s has no reading', (_what, more) => {
  const store = storeOf(version('a', 1, more));
  const stored = store.version('a', 1);
  expect(stored && store.read(stored)).toBeUndefined();
});

test('references that go in a circle end', () => {
  const to = (subject: string) => [{ name: subject, subject, version: 1 }];
  const store = storeOf(version('a', 1, { references: to('b') }), version('b', 1, { references: to('a') }));
  const stored = store.version('a', 1);
  expect(stored && store.read(stored)?.canonical).toBe('"string"');
});

test('settings of a subject come before the global ones, those before the default', () => {
  const store = storeOf();
  expect(store.configInScope('a')).toEqual({ level: 'FULL', normalize: false });
  store.apply({ kind: 'CONFIG', subject: undefined, value: { compatibilityLevel: 'NONE', normalize: true } });
  store.apply({ kind: 'CONFIG', subject: 'a', value: { compatibilityLevel: 'BACKWARD' } });
  expect(store.configInScope('a')).toEqual({ level: 'BACKWARD', normalize: true });
  expect(store.configInScope('b')).toEqual({ level: 'NONE', normalize: true });
});
