import { beforeEach, describe, expect, test } from 'vitest';
import type { RegistryServer } from '../server.ts';
import { request, schemaOf, temporaryRegistry } from '../testing.ts';

const ORDER = schemaOf([{ name: 'id', type: 'string' }]);
const OTHER_ORDER = schemaOf([{ name: 'id', type: 'long' }]);

let server: RegistryServer;
const ask = (line: string, body?: unknown) => request(server, line, body);
const ok = (body: unknown) => ({ status: 200, body });
const error = (status: number, code: number) => ({
  status,
  body: { error_code: code, message: expect.any(String) },
});

beforeEach(async () => {
  server = await temporaryRegistry();
});

describe('compatibility level', () => {
  test('is BACKWARD_TRANSITIVE until set, and can be put back', async () => {
    expect(await ask('GET /config')).toEqual(ok({ compatibilityLevel: 'BACKWARD_TRANSITIVE' }));
    expect(await ask('PUT /config', { compatibility: 'full' })).toEqual(ok({ compatibility: 'FULL' }));
    expect(await ask('GET /config')).toEqual(ok({ compatibilityLevel: 'FULL' }));
    expect(await ask('DELETE /config')).toEqual(ok({ compatibilityLevel: 'FULL' }));
    expect(await ask('GET /config')).toEqual(ok({ compatibilityLevel: 'BACKWARD_TRANSITIVE' }));
  });

  test('of a subject is its own, or on request the global one', async () => {
    expect(await ask('GET /config/a')).toEqual(error(404, 40408));
    expect(await ask('GET /config/a?defaultToGlobal=true')).toEqual(
      ok({ compatibilityLevel: 'BACKWARD_TRANSITIVE' }),
    );
    expect(await ask('PUT /config/a', { compatibility: 'NONE' })).toEqual(ok({ compatibility: 'NONE' }));
    expect(await ask('GET /config/a')).toEqual(ok({ compatibilityLevel: 'NONE' }));
    expect(await ask('DELETE /config/a')).toEqual(ok({ compatibilityLevel: 'NONE' }));
    expect(await ask('DELETE /config/a')).toEqual(error(404, 40401));
  });

  test('decides what may be registered', async () => {
    await ask('POST /subjects/a/versions', ORDER);
    expect(await ask('POST /subjects/a/versions', OTHER_ORDER)).toMatchObject({ status: 409 });
    await ask('PUT /config/a', { compatibility: 'NONE' });
    expect(await ask('POST /subjects/a/versions', OTHER_ORDER)).toMatchObject({ status: 200 });
  });

  test('may be set together with normalizing, which then needs no asking', async () => {
    await ask('PUT /config/a', { normalize: true });
    expect(await ask('PUT /config/a', { compatibility: 'FULL' })).toEqual(
      ok({ compatibility: 'FULL', normalize: true }),
    );
    await ask('POST /subjects/a/versions', { schema: '{"type":"string","x":1,"y":2}' });
    expect(await ask('POST /subjects/a', { schema: '{"type":"string","y":2,"x":1}' })).toMatchObject({
      status: 200,
    });
  });

  test('must be one there is', async () => {
    expect(await ask('PUT /config', { compatibility: 'SIDEWAYS' })).toEqual(error(422, 42203));
    expect(await ask('PUT /config', { compatibility: 7 })).toEqual(error(422, 422));
    expect(await ask('PUT /config', { alias: 'b' })).toEqual(error(422, 422));
    expect(await ask('PUT /config', [])).toEqual(error(422, 422));
  });
});

describe('mode', () => {
  test('is READWRITE until set, per subject on request the global one', async () => {
    expect(await ask('GET /mode')).toEqual(ok({ mode: 'READWRITE' }));
    expect(await ask('GET /mode/a')).toEqual(error(404, 40409));
    expect(await ask('PUT /mode', { mode: 'readonly' })).toEqual(ok({ mode: 'READONLY' }));
    expect(await ask('GET /mode/a?defaultToGlobal=true')).toEqual(ok({ mode: 'READONLY' }));
    expect(await ask('DELETE /mode')).toEqual(ok({ mode: 'READONLY' }));
    expect(await ask('GET /mode')).toEqual(ok({ mode: 'READWRITE' }));
    expect(await ask('DELETE /mode/a')).toEqual(error(404, 40401));
  });

  test('READONLY keeps a subject as it is', async () => {
    await ask('POST /subjects/a/versions', ORDER);
    await ask('PUT /mode/a', { mode: 'READONLY' });
    expect(await ask('POST /subjects/a/versions', ORDER)).toEqual(error(422, 42205));
    expect(await ask('DELETE /subjects/a')).toEqual(error(422, 42205));
    expect(await ask('DELETE /subjects/a/versions/1')).toEqual(error(422, 42205));
    expect(await ask('GET /subjects/a/versions/1')).toMatchObject({ status: 200 });
    expect(await ask('POST /subjects/b/versions', ORDER)).toMatchObject({ status: 200 });
  });

  test('must be one there is', async () => {
    expect(await ask('PUT /mode', { mode: 'IMPORT' })).toEqual(error(422, 42204));
    expect(await ask('PUT /mode', {})).toEqual(error(422, 422));
  });
});
