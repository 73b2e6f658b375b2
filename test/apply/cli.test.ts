import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';
import { ADMIN_TOKEN, type SignalProcess, startSignal } from '../support/signal-process.ts';

const MAIN = join(packageRoot(), 'dist/cli/main.js');

let directory: string;
let dataDir: string;
let example: string;
let signal: SignalProcess;

const SECRETS = {
  STRIPE_WEBHOOK_SECRET: 'whsec_plain-text-of-stripe',
  DREAMDATA_API_KEY: 'plain-text-of-dreamdata',
};
const HMAC = 'plain-text-of-the-warehouse';
/** What an export calls the secrets of the example. */
const EXPORTED = {
  PAYMENTS_SIGNING_SECRET: SECRETS.STRIPE_WEBHOOK_SECRET,
  DREAMDATA_API_KEY: SECRETS.DREAMDATA_API_KEY,
  WAREHOUSE_HMAC_SECRET: HMAC,
};

interface Said {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** `signal ...`: exit code, and what it wrote to its two outputs. */
const run = (args: readonly string[], { env = {}, input = '' }: Given = {}): Promise<Said> =>
  new Promise((resolve) => {
    const own = { SIGNAL_ADMIN_TOKEN: ADMIN_TOKEN, SIGNAL_DATA_DIR: dataDir, PATH: process.env.PATH };
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { ...own, ...env }, cwd: directory },
      (error, out, err) => resolve({ code: error?.code ?? 0, out, err }),
    );
    child.stdin?.end(input);
  });

const apply = (args: readonly string[], given: Given = { env: SECRETS }): Promise<Said> =>
  run(['apply', '-f', example, ...args], given);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-apply-'));
  dataDir = join(directory, 'data');
  example = join(directory, 'signal.yaml');
  await copyFile(join(packageRoot(), 'examples/signal.yaml'), example);
  await writeFile(join(directory, 'warehouse-hmac.txt'), `${HMAC}\n`);
  signal = await startSignal(dataDir);
});

afterAll(async () => {
  await signal?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('signal apply', { timeout: 600_000 }, () => {
  it('plans the example, and changes nothing', async () => {
    const first = await apply(['--plan']);
    expect(first).toMatchObject({ code: 2, err: '' });
    expect(first.out).toContain('+ source Shop\n');
    expect(first.out).toContain('    collector.script_filename: "shop"\n');
    expect(first.out).toContain('+ pipeline Payments → Warehouse\n');
    expect(first.out).toMatch(/Planned from version 1: 7 to create, 2 to update\. Nothing was changed\.\n$/);
    for (const secret of [...Object.values(SECRETS), HMAC]) expect(first.out).not.toContain(secret);
  });

  it('applies it, once', async () => {
    const first = await apply(['--reason', 'Eröffnung 開店 🏬', '--if-version', '1']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/Applied: 7 created, 2 updated\. The configuration is at version 11\.\n$/);
    const again = await apply(['--prune']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
    expect(await apply(['--plan'])).toMatchObject({ code: 0 });
    const log = await run(['config', 'log']);
    expect(log.out.match(/"Eröffnung 開店 🏬"/g)).toHaveLength(10);
  });

  it('is refused where the configuration is another one than was planned from', async () => {
    const stale = await apply(['--if-version', '1']);
    expect(stale).toMatchObject({ code: 1, err: expect.stringContaining('plan again') });
  });

  it('of an export is no change, and no secret is in it', async () => {
    const file = join(directory, 'exported.yaml');
    expect(await run(['config', 'export', '--out', file])).toMatchObject({ code: 0, out: '', err: '' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    for (const secret of Object.values(EXPORTED)) expect(text).not.toContain(secret);
    const again = await run(['apply', '-f', file, '--prune', '--json'], { env: EXPORTED });
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out)).toMatchObject({ applied: true, changes: [], not_in_file: [] });
    const before = await run(['config', 'export', '--at', '1']);
    expect(before.out).toContain('sources: []');
  });

  it('shows what became of each field, and what is not in the file', async () => {
    const text = (await readFile(example, 'utf8'))
      .replace('batch_size: 500', 'batch_size: 250')
      .replace(
        '{ source: Shop, integration: Dreamdata, revision: latest }',
        '{ source: Shop, integration: Dreamdata }',
      )
      .replace(/ {2}- \{ source: Payments.*\n/, '');
    const file = join(directory, 'changed.yaml');
    await writeFile(file, text);
    const plan = await run(['apply', '-f', file, '--plan'], { env: SECRETS });
    expect(plan).toMatchObject({ code: 2, err: '' });
    expect(plan.out).toBe(
      [
        '~ integration Warehouse',
        '    revision: 1 → 2',
        '    settings.batch_size: 500 → 250',
        '~ pipeline Shop → Warehouse',
        '    revision: 1 → 2',
        '  pipeline Payments → Warehouse is not in the file, and stays',
        'Planned from version 11: 2 to update. Nothing was changed.',
        '',
      ].join('\n'),
    );
    const pruned = await run(['apply', '-f', file, '--prune'], { env: SECRETS });
    expect(pruned.out).toContain('- pipeline Payments → Warehouse\n');
  });

  it('reads standard input, and JSON', async () => {
    const input = JSON.stringify({ version: 1, settings: { requests_per_minute: 1300 } });
    expect(await run(['apply', '-f', '-', '--api', signal.api], { input })).toMatchObject({
      code: 0,
      out: expect.stringContaining('    requests_per_minute: 1200 → 1300\n'),
    });
  });

  it('names line and column of what is at fault', async () => {
    const input = [
      'version: 1',
      'sources:',
      '  - name: Shop',
      '    type: app',
      '  - { name: Other, type: toaster }',
      'pipelines:',
      '  - source: Shop',
      '    integration: Nowhere',
    ].join('\n');
    const fault = await run(['apply', '-f', '-'], { input });
    expect(fault).toEqual({
      code: 1,
      out: '',
      err: 'signal: standard input:5:26: sources[1].type: Expected one of web, app, server, webhook\n',
    });
    const next = await run(['apply', '-f', '-'], {
      input: input.replace('toaster', 'web').replace('app', 'web'),
    });
    expect(next.err).toBe(
      'signal: standard input:8:18: pipelines[0].integration: there is no integration "Nowhere"\n',
    );
  });

  it('fails in a line where the API refuses', async () => {
    const env = { SIGNAL_ADMIN_TOKEN: 'sat_of-nobody-at-all-0000000000' };
    expect(await run(['apply', '-f', '-'], { input: 'version: 1', env })).toEqual({
      code: 1,
      out: '',
      err: 'signal: The token is not known here\n',
    });
  });

  it('says how it is used', async () => {
    const help = await run(['apply', '--help']);
    expect(help.out).toContain('signal apply -f signal.yaml --plan');
    expect(help.out).toContain('Exit codes');
  });
});

describe('signal config log --format', { timeout: 600_000 }, () => {
  it('writes the whole log, and no part of it', async () => {
    const file = join(directory, 'log.ndjson');
    expect(await run(['config', 'log', '--format', 'ndjson', '--out', file])).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await readFile(file, 'utf8')).toMatch(/^\{"format":"signal-config-export\/1"/);
    const part = await run(['config', 'log', '--format', 'csv', '--actor', 'somebody']);
    expect(part).toMatchObject({ code: 1, err: expect.stringContaining('leave out --actor') });
    expect(await run(['config', 'log', '--out', file])).toMatchObject({ code: 1 });
  });
});
