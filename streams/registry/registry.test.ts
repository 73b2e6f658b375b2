import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbeddedLog } from '../log/index.ts';
import { startRegistry } from './server.ts';
import { request, schemaOf, temporaryDirectory, temporaryLog, temporaryRegistry } from './testing.ts';

const V1 = schemaOf([{ name: 'id', type: 'string' }]);
const version = (number: number) => schemaOf([{ name: 'id', type: 'string' }], { doc: `Version ${number}.` });

test('a registry opened again on the same directory has everything', async () => {
  const directory = await temporaryDirectory();
  const run = async (lines: readonly (readonly [string, unknown?])[]) => {
    const log = await openEmbeddedLog({ directory });
    const server = await startRegistry({ log, port: 0 });
    try {
      const answers: unknown[] = [];
      for (const [line, body] of lines) answers.push((await request(server, line, body)).body);
      return answers;
    } finally {
      await server.close();
      await log.close();
    }
  };
  await run([
    ['POST /subjects/a/versions', V1],
    ['POST /subjects/a/versions', version(2)],
    ['POST /subjects/b/versions', V1],
    ['DELETE /subjects/b'],
    ['DELETE /subjects/a/versions/1'],
    ['DELETE /subjects/a/versions/1?permanent=true'],
    ['PUT /config', { compatibility: 'FULL' }],
    ['PUT /mode/a', { mode: 'READONLY' }],
  ]);
  const state = [
    ['GET /subjects?deleted=true'],
    ['GET /subjects'],
    ['GET /subjects/a/versions?deleted=true'],
    ['GET /schemas/ids/2'],
    ['GET /config'],
    ['GET /mode/a'],
    ['POST /subjects/c/versions', version(3)],
  ] as const;
  expect(await run(state)).toEqual([
    ['a', 'b'],
    ['a'],
    [2],
    { schema: version(2).schema },
    { compatibilityLevel: 'FULL' },
    { mode: 'READONLY' },
    { id: 3 },
  ]);
});

test('the topic holds what other tools for it expect', async () => {
  const log = await temporaryLog();
  const server = await temporaryRegistry(log);
  await request(server, 'POST /subjects/a/versions', { schema: '"string"' });
  await request(server, 'PUT /config/a', { compatibility: 'NONE' });
  const records: unknown[] = [];
  for await (const chunk of log.read({ topic: '_schemas', partition: 0, from: 0 }))
    for (const { key, value } of chunk) records.push([key?.toString(), value?.toString()]);
  expect(records).toEqual([
    [
      '{"keytype":"SCHEMA","subject":"a","version":1,"magic":1}',
      '{"subject":"a","version":1,"id":1,"schema":"\\"string\\"","deleted":false}',
    ],
    ['{"keytype":"CONFIG","subject":"a","magic":0}', '{"subject":"a","compatibilityLevel":"NONE"}'],
  ]);
  expect(await log.topics()).toContainEqual(
    expect.objectContaining({ name: '_schemas', partitions: 1, cleanup: 'compact' }),
  );
});

test('what another tool wrote to the topic is served', async () => {
  const log = await temporaryLog();
  const server = await temporaryRegistry(log);
  const key = Buffer.from('{"keytype":"SCHEMA","subject":"p","version":1,"magic":1}');
  const value = Buffer.from(
    '{"subject":"p","version":1,"id":9,"schemaType":"PROTOBUF","schema":"syntax = \\"proto3\\";","deleted":false}',
  );
  await log.append([
    { topic: '_schemas', key: Buffer.from('junk'), value: Buffer.from('junk'), timestamp: 0, headers: [] },
    { topic: '_schemas', key, value, timestamp: 0, headers: [] },
  ]);
  await expect
    .poll(() => request(server, 'GET /schemas/ids/9'))
    .toEqual({
      status: 200,
      body: { schemaType: 'PROTOBUF', schema: 'syntax = "proto3";' },
    });
  expect(await request(server, 'POST /subjects/p/versions', V1)).toMatchObject({ status: 409 });
  expect(await request(server, 'POST /subjects/q/versions', V1)).toMatchObject({ body: { id: 10 } });
});

test('a hundred clients at once get each schema one id', async () => {
  const server = await temporaryRegistry();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      request(server, 'POST /subjects/a/versions', version(index % 10)),
    ),
  );
  const ids = answers.map(({ body }) => JSON.stringify(body));
  expect(new Set(ids).size).toBe(10);
  expect((await request(server, 'GET /subjects/a/versions')).body).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('two registries on one log decide as one, and each learns what the other did', async () => {
  const log = await temporaryLog();
  const servers = [await temporaryRegistry(log), await temporaryRegistry(log)] as const;
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      request(servers[index % 2 === 0 ? 0 : 1], 'POST /subjects/a/versions', version(index)),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const expected = Array.from({ length: 40 }, (_, index) => index + 1);
  for (const server of servers) {
    await expect.poll(async () => (await request(server, 'GET /subjects/a/versions')).body).toEqual(expected);
    const versions = await request(server, 'GET /schemas');
    const ids = Array.isArray(versions.body) ? versions.body.map(({ id }) => id) : [];
    expect(new Set(ids).size).toBe(40);
  }
});

test('a log that fails is told as a failure of the store', async () => {
  const log = await openEmbeddedLog({ directory: await temporaryDirectory() });
  const server = await temporaryRegistry(log);
  await log.close();
  expect(await request(server, 'POST /subjects/a/versions', V1)).toEqual({
    status: 500,
    body: { error_code: 50001, message: 'Writing to the schema topic failed' },
  });
});

test('a schema too large for the log is the client’s fault, and told to nobody else', async () => {
  const log = await openEmbeddedLog({
    directory: await temporaryDirectory(),
    flush: 'os',
    maxRecordBytes: 1000,
  });
  onTestFinished(() => log.close());
  const failures: Error[] = [];
  const server = await startRegistry({ log, port: 0, onError: (error) => failures.push(error) });
  onTestFinished(() => server.close());
  const large = schemaOf([{ name: 'id', type: 'string' }], { doc: 'x'.repeat(1000) });
  expect(await request(server, 'POST /subjects/a/versions', large)).toEqual({
    status: 422,
    body: { error_code: 42209, message: 'The schema is too large' },
  });
  expect(await request(server, 'POST /subjects/a/versions', V1)).toMatchObject({ status: 200 });
  expect(failures).toEqual([]);
});

test('what fails on our side is logged with its cause', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => lines.push(line) });
  const log = await openEmbeddedLog({ directory: await temporaryDirectory(), flush: 'os' });
  const server = await startRegistry({ log, port: 0, logger });
  onTestFinished(() => server.close());
  await log.close();
  await request(server, 'POST /subjects/a/versions', V1);
  expect(lines.join()).toContain('the log is closed');
});
