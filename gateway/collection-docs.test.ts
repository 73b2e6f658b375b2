// docs/collection.md is true: its samples are run against a gateway, and answer what the page says.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GATEWAY_ERRORS } from './errors.ts';
import { directoryOf, sourceOf, startGateway, type TestGateway } from './testing/harness.ts';

const PAGE = readFileSync(new URL('../docs/collection.md', import.meta.url), 'utf8');
const SAMPLE = /```sh\n([^`]+)```\n```(?:json|text)\n([^`]+)```/g;
const samples = [...PAGE.matchAll(SAMPLE)].map(([, command = '', answer = '']) => ({ command, answer }));

const WEBHOOK = /The webhook below has `([^`]+)`/.exec(PAGE)?.[1] ?? '{}';

let gateway: TestGateway;
beforeAll(async () => {
  const { provider, signature_header, event_type_path, mappings } = JSON.parse(WEBHOOK);
  const webhook = { provider, signatureHeader: signature_header, eventTypePath: event_type_path, mappings };
  gateway = await startGateway({
    config: directoryOf([
      {
        source: sourceOf({ id: 'src_shop', name: 'Shop', type: 'web' }),
        keys: ['dk_live_1'],
        secrets: ['sk_1'],
      },
      {
        source: sourceOf({ id: 'src_hook', name: 'Acme', type: 'webhook', webhook }),
        keys: [],
        secrets: ['acme'],
      },
    ]),
  });
});
afterAll(() => gateway.close());

function run(command: string): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    GATEWAY: gateway.url,
    KEY: 'dk_live_1',
    SECRET: 'sk_1',
    HOOK: 'src_hook',
    HOOK_SECRET: 'acme',
  };
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['-euo', 'pipefail', '-c', command],
      { env, timeout: 60_000 },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${command}\n${stderr}`, { cause: error })),
    );
  });
}

describe('docs/collection.md', () => {
  it('has samples', () => {
    expect(samples.length).toBeGreaterThanOrEqual(9);
  });

  it.each(samples)('is right about $command', async ({ command, answer }) => {
    const before = gateway.log.records.length;
    expect((await run(command)).trim()).toBe(answer.trim());
    // What the page says was accepted is in the log.
    const isStored = /"success":true|^200/.test(answer) && !answer.includes('vendor_ids');
    expect(gateway.log.records.length > before).toBe(isStored);
  });

  it('names only paths that there are', () => {
    const table = PAGE.slice(PAGE.indexOf('## Endpoints'), PAGE.indexOf('## Keys'));
    const paths = [...table.matchAll(/`(?:(GET|POST) )?(\/[^`?\s]+)/g)].map(([, , path = '']) => path);
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const url = path.replace('{key}', ':writeKey');
      const exists = (['GET', 'POST'] as const).some((method) => gateway.app.hasRoute({ method, url }));
      expect([path, exists]).toEqual([path, true]);
    }
  });

  it('names every error, and whether to try again', () => {
    const rows = Object.entries(GATEWAY_ERRORS).map(
      ([code, spec]) => `| \`${code}\` | ${spec.status} | ${'retry' in spec ? 'yes' : ''} |`,
    );
    expect(rows.filter((row) => !PAGE.includes(row))).toEqual([]);
  });
});
