import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, start } from '../../api/testing/harness.ts';

const REDOCLY = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));

let running: Running;
let directory: string;

beforeAll(async () => {
  running = await start();
  directory = await mkdtemp(join(tmpdir(), 'signal-openapi-'));
});

afterAll(async () => {
  await running.stop();
  await rm(directory, { recursive: true, force: true });
});

it('is a valid OpenAPI 3.1 document, to a linter of other people', async () => {
  const response = await running.api.inject('/v1/admin/openapi.json');
  expect(response.json().openapi).toBe('3.1.0');
  const file = join(directory, 'openapi.json');
  await writeFile(file, response.body);
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    NO_COLOR: '1',
  };
  // Exits with an error if there is a problem.
  const arguments_ = [REDOCLY, 'lint', '--extends=recommended', '--format=json', file];
  const linting = promisify(execFile)(process.execPath, arguments_, { cwd: directory, env });
  const { stdout } = await linting.catch((error) => error);
  const { problems } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(problems).toEqual([]);
});
