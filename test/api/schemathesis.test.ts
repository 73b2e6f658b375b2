import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { type Running, start, TOKEN } from '../../api/testing/harness.ts';
import { describeWithSchemathesis, SCHEMATHESIS } from '../support/schemathesis.ts';

/** It takes half a minute when nothing else runs. */
const TIMEOUT_MS = 1_200_000;

/** What every answer is held to. Not that all valid requests are accepted: names are unique, ids must exist. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'ignored_auth',
];

describeWithSchemathesis(
  'the API, asked everything its own document permits and much that it does not',
  () => {
    let running: Running;
    let directory: string;
    let url: string;

    beforeAll(async () => {
      running = await start();
      directory = await mkdtemp(join(tmpdir(), 'signal-schemathesis-'));
      url = await running.api.listen({ host: '127.0.0.1', port: 0 });
    });

    afterAll(async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    });

    // Two processes at once, because its own threads trip over a defect of Python 3.11's parser.
    it.concurrent.for([
      { what: 'reads', filter: '--include-method=GET' },
      { what: 'changes', filter: '--exclude-method=GET' },
    ])(
      'answers $what as documented, and never with a failure of its own',
      { timeout: TIMEOUT_MS },
      async ({ filter }, { expect }) => {
        const { code, output } = await run([
          'run',
          `${url}/v1/admin/openapi.json`,
          filter,
          `--header=Authorization: Bearer ${TOKEN}`,
          `--checks=${CHECKS.join(',')}`,
          '--phases=examples,coverage,fuzzing',
          '--max-examples=8',
          '--seed=1',
          '--no-shrink',
          '--continue-on-failure',
          '--warnings=off',
        ]);
        expect(code, output).toBe(0);
      },
    );

    async function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
      const child = spawn(SCHEMATHESIS ?? '', args, {
        cwd: directory,
        env: { ...process.env, NO_COLOR: '1', COLUMNS: '200' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const timer = setTimeout(() => child.kill(), TIMEOUT_MS - 10_000);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', resolve);
      });
      clearTimeout(timer);
      return { code, output: output.slice(-20_000) };
    }
  },
);
