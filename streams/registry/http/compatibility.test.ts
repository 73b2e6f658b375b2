import { beforeEach, expect, test } from 'vitest';
import type { RegistryServer } from '../server.ts';
import { request, schemaOf, temporaryRegistry } from '../testing.ts';

const ID = { name: 'id', type: 'string' };
const V1 = schemaOf([ID]);
const V2 = schemaOf([ID, { name: 'n', type: 'int', default: 0 }]);
/** Reads V2, not V1. */
const V3 = schemaOf([ID, { name: 'n', type: 'int' }]);

let server: RegistryServer;
const ask = (line: string, body?: unknown) => request(server, line, body);
const ok = (body: unknown) => ({ status: 200, body });

beforeEach(async () => {
  server = await temporaryRegistry();
  for (const schema of [V1, V2]) await ask('POST /subjects/a/versions', schema);
});

test('a schema is tested against one version', async () => {
  expect(await ask('POST /compatibility/subjects/a/versions/latest', V3)).toEqual(
    ok({ is_compatible: true }),
  );
  expect(await ask('POST /compatibility/subjects/a/versions/2', V3)).toEqual(ok({ is_compatible: true }));
  expect(await ask('POST /compatibility/subjects/a/versions/1', V3)).toEqual(ok({ is_compatible: false }));
});

test('or as if it were registered, by the level of the subject', async () => {
  expect(await ask('POST /compatibility/subjects/a/versions', V3)).toEqual(ok({ is_compatible: false }));
  await ask('PUT /config/a', { compatibility: 'BACKWARD' });
  expect(await ask('POST /compatibility/subjects/a/versions', V3)).toEqual(ok({ is_compatible: true }));
});

test('verbose says why not', async () => {
  expect(await ask('POST /compatibility/subjects/a/versions/1?verbose=true', V3)).toEqual(
    ok({
      is_compatible: false,
      messages: [
        expect.stringContaining("errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'"),
        '{oldSchemaVersion: 1}',
        "{compatibility: 'BACKWARD_TRANSITIVE'}",
      ],
    }),
  );
  expect(await ask('POST /compatibility/subjects/a/versions/2?verbose=true', V3)).toEqual(
    ok({ is_compatible: true, messages: [] }),
  );
});

test('anything is compatible with a subject that has no versions', async () => {
  expect(await ask('POST /compatibility/subjects/new/versions', V3)).toEqual(ok({ is_compatible: true }));
  expect(await ask('POST /compatibility/subjects/new/versions/latest', V3)).toEqual(
    ok({ is_compatible: true }),
  );
});

test.each([
  ['an unknown version', '/subjects/a/versions/9', V1, 404, 40402],
  ['an unknown subject', '/subjects/b/versions/1', V1, 404, 40401],
  ['no version', '/subjects/a/versions/x', V1, 422, 42202],
  ['no schema', '/subjects/a/versions', { schema: '{}' }, 422, 42201],
])('%s is an error', async (_what, path, body, status, code) => {
  expect(await ask(`POST /compatibility${path}`, body)).toMatchObject({ status, body: { error_code: code } });
});

test('verbose also says in words that a schema is none', async () => {
  const { body } = await ask('POST /compatibility/subjects/a/versions?verbose=true', { schema: '{}' });
  expect(body).toMatchObject({ is_compatible: false, messages: [expect.stringContaining('has no "type"')] });
});
