import { beforeEach, expect, test } from 'vitest';
import type { RegistryServer } from '../server.ts';
import { request, schemaOf, temporaryRegistry } from '../testing.ts';

let server: RegistryServer;

beforeEach(async () => {
  server = await temporaryRegistry();
});

const post = (body: string | Buffer, contentType: string) =>
  fetch(`${server.url}/subjects/a/versions`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType },
  });

test.each([
  'application/vnd.schemaregistry.v1+json',
  'application/vnd.schemaregistry.v1+json; charset=utf-8',
  'application/vnd.schemaregistry+json',
  'application/json',
  'application/octet-stream',
])('a body of type %s is taken', async (contentType) => {
  const response = await post(JSON.stringify(schemaOf([])), contentType);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/vnd.schemaregistry.v1+json');
});

test.each([
  ['that is no JSON', '{"schema":', 400],
  ['that is empty', '', 400],
  ['with __proto__', '{"schema": "\\"int\\"", "__proto__": {"id": 1}}', 400],
  ['with constructor.prototype', '{"schema": "\\"int\\"", "constructor": {"prototype": {}}}', 400],
  ['that is null', 'null', 422],
  ['that is a list', '[]', 422],
  ['larger than a megabyte', JSON.stringify({ schema: 'x'.repeat(1_100_000) }), 413],
])('a body %s is refused', async (_what, body, status) => {
  const response = await post(body, 'application/vnd.schemaregistry.v1+json');
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error_code: status, message: expect.any(String) });
});

test('a body of another type is refused', async () => {
  expect((await post('<schema/>', 'application/xml')).status).toBe(415);
});

test('the root answers, as clients expect that probe it', async () => {
  expect(await request(server, 'GET /')).toEqual({ status: 200, body: {} });
});

test.each(['GET /nothing', 'PATCH /subjects', 'GET /subjects/a'])('%s is not found', async (line) => {
  expect(await request(server, line)).toEqual({
    status: 404,
    body: { error_code: 404, message: 'HTTP 404 Not Found' },
  });
});
