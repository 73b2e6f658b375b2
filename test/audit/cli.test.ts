import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';
import { openCheckpoint, parseNoteKey } from '../../config/index.ts';
import { openEmbeddedLog } from '../../streams/index.ts';
import { topicsOfConfig } from '../../topologies/config/index.ts';
import { eventTopics } from '../../topologies/topics.ts';
import { ADMIN_TOKEN, type SignalProcess, startSignal } from '../support/signal-process.ts';

const MAIN = join(packageRoot(), 'dist/cli/main.js');

let directory: string;
let dataDir: string;
let signal: SignalProcess;

/** Of `signal config ...`: exit code, and what it wrote to its two outputs. */
interface Said {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

const config = (...args: readonly string[]): Promise<Said> => run('config', ...args);

const run = (...args: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      SIGNAL_ADMIN_TOKEN: ADMIN_TOKEN,
      SIGNAL_DATA_DIR: dataDir,
      XDG_CONFIG_HOME: join(directory, 'home'),
    };
    execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });

const post = (name: string): Promise<unknown> => signal.admin.post('sources', { name, type: 'web' });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-cli-'));
  dataDir = join(directory, 'data');
  signal = await startSignal(dataDir, { env: { SIGNAL_CHECKPOINT_DIRECTORY: join(directory, 'published') } });
  await post('Shop');
  await post('Books');
});

afterAll(async () => {
  await signal?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('signal config', () => {
  let publicKey: string;
  let accessKey: string;
  /** What `log` said of the running instance. */
  let logged: string;

  it('verify believes a log at the first visit, and holds it to that afterwards', async () => {
    const first = await config('verify');
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^valid: 3 events, all of them signed\n/),
    });
    expect(first.err).toContain('first visit');
    publicKey = /^key +(\S+)$/m.exec(first.out)?.[1] ?? '';
    await post('App');
    const second = await config('verify');
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain('checkpoint 3, seen before: this log extends it');
    expect(JSON.parse((await config('verify', '--json')).out)).toMatchObject({
      valid: true,
      size: 4,
      signed_size: 4,
    });
  });

  it('verify believes no key but the one it is told to', async () => {
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(await config('verify', '--public-key', other)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^INVALID: its header names a key that is not believed/),
    });
    expect(await config('verify', '--public-key', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not the public key'),
    });
  });

  it('log lists changes, as the filters say', async () => {
    const { out } = await config('log');
    logged = out;
    expect(out.split('\n').map((line) => line.split('  ')[0])).toEqual(['#1', '#2', '#3', '#4', '']);
    const books = await config('log', '--payload', '--text', 'BOOKS');
    expect(books.out).toMatch(/^#3 .*source\.created .*by token SIGNAL_ADMIN_TOKEN.*"name":"Books".*\n$/);
    expect((await config('log', '--type', 'token.created')).out).toMatch(/^#1 .*\n$/);
    expect((await config('log', '--until', '2020-01-01')).out).toBe('');
    expect(await config('log', '--since', 'soon')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--since'),
    });
  });

  it('diff lists what differs between two points', async () => {
    const { out } = await config('diff', '2', '3');
    expect(out).toMatch(/^created source src_\S+ {2}#3\n(?: {2}\+ \S+: .*\n)+$/);
    expect(out).toContain('  + name: "Books"\n');
    const back = (await config('diff', '4', '2', '--json')).out.trim().split('\n');
    expect(back.map((line) => JSON.parse(line))).toMatchObject([
      { change: 'deleted', events: [3] },
      { change: 'deleted', events: [4] },
    ]);
    expect(await config('diff', '4')).toMatchObject({ code: 0, out: '' });
    const all = await config('diff', '2020-01-01', '--json');
    expect(
      all.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).events),
    ).toEqual([[1], [2], [3], [4]]);
    expect(await config('diff', 'soon')).toMatchObject({ code: 1, err: expect.stringContaining('from') });
  });

  it('has a sibling for the access log', async () => {
    await post(' ').catch(() => {});
    const verified = await run('access-log', 'verify');
    expect(verified).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^valid: 1 event, all of them signed/),
    });
    accessKey = /^key +(\S+)$/m.exec(verified.out)?.[1] ?? '';
    expect(accessKey).toContain('/access-log+');
    expect(await run('access-log', 'verify')).toMatchObject({ code: 0, err: '' });
    const csv = await run('access-log', 'export', '--format', 'csv');
    expect(csv.out).toContain('"command.rejected"');
  });

  it('export writes what verify --file verifies, with nothing running', async () => {
    const file = join(directory, 'export.ndjson');
    expect(await config('log', '--format', 'ndjson', '--out', file)).toMatchObject({ code: 0, err: '' });
    await signal.stop();
    expect(await config('verify', '--file', file, '--public-key', publicKey)).toMatchObject({ code: 0 });
    expect(await config('verify', '--file', file)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--public-key'),
    });
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"Shop"', '"Shup"'));
    expect(await config('verify', '--file', file, '--public-key', publicKey)).toMatchObject({
      code: 2,
      out: 'INVALID: event 2 was altered: what is shown of it is not what its bytes say\n',
    });
  });

  it('start publishes what it signs, where it is told to', async () => {
    const files = (await readdir(join(directory, 'published'))).sort();
    expect(files.filter((file) => file !== 'access-log').map((file) => Number(file.split('-')[0]))).toEqual([
      3, 4,
    ]);
    expect(await readdir(join(directory, 'published', 'access-log'))).toHaveLength(1);
    const note = await readFile(join(directory, 'published', files[1] ?? ''), 'utf8');
    const key = parseNoteKey(publicKey);
    expect(openCheckpoint(note, key ? [key] : [])).toMatchObject({ kind: 'signed', checkpoint: { size: 4 } });
  });

  it('log, verify and export read the data directory when nothing runs, and leave its logs as they are', async () => {
    const before = await dump();
    expect(await config('verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('valid: 4 events, all'),
    });
    expect((await config('log')).out).toBe(logged);
    expect((await config('log', '--text', 'BOOKS', '--json')).out).toMatch(/^\{"sequence":3,.*\}\n$/);
    expect((await config('log', '--format', 'csv')).out.split('\r\n')).toHaveLength(6);
    expect(await dump()).toEqual(before);
  });

  it('access-log verifies and exports a data directory as well', async () => {
    const expected = expect.stringContaining('this log extends it');
    expect(await run('access-log', 'verify')).toMatchObject({ code: 0, out: expected });
    const file = join(directory, 'access.ndjson');
    await run('access-log', 'export', '--format', 'ndjson', '--out', file);
    const verifyFile = (key: string) => run('access-log', 'verify', '--file', file, '--public-key', key);
    expect(await verifyFile(accessKey)).toMatchObject({ code: 0 });
    expect(await verifyFile(publicKey)).toMatchObject({ code: 2 });
    await writeFile(file, (await readFile(file, 'utf8')).replace('command.rejected', 'command.rejectef'));
    expect(await verifyFile(accessKey)).toMatchObject({
      code: 2,
      out: expect.stringContaining('event 1 was altered'),
    });
  });

  it('log and verify say who has the directory open, where that is no API', async () => {
    const held = await openEmbeddedLog({ directory: dataDir, flush: 'os' });
    const expected = { code: 1, err: expect.stringContaining(`is held by process ${process.pid}`) };
    for (const command of ['log', 'verify']) expect(await config(command)).toMatchObject(expected);
    await held.close();
  });

  it('makes no log where there is none', async () => {
    const empty = join(directory, 'empty');
    await mkdir(empty);
    const said = await config('log', '--data-dir', empty);
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining(`there is no log in ${empty}`) });
    expect(await readdir(empty)).toEqual([]);
  });

  /** What every topic of the stopped instance holds, and where its groups are. */
  async function dump(): Promise<unknown> {
    const log = await openEmbeddedLog({ directory: dataDir, flush: 'os' });
    const found: unknown[] = [];
    for (const { name, partitions, ...settings } of await log.topics()) {
      found.push([name, partitions, settings]);
      for (let partition = 0; partition < partitions; partition++)
        for await (const records of log.read({ topic: name, partition, from: 0 })) found.push(...records);
    }
    await log.close();
    return found;
  }

  it('verify finds by what it saw before that who has the key made the log anew', async () => {
    await remake((event) => event.replace('Shop', 'Shup'));
    const fresh = await config('verify', '--state', join(directory, 'another-machine.json'));
    expect(fresh).toMatchObject({ code: 0 });
    expect(await config('verify')).toMatchObject({
      code: 2,
      out: 'INVALID: one of the events 1 to 3 was altered: checkpoint 3, seen before, does not hold\n',
    });
    const json = JSON.parse((await config('verify', '--json')).out);
    expect(json).toMatchObject({ valid: false, problem: { kind: 'altered', sequence: 1, up_to: 3 } });
  });

  /** A log without checkpoints, and with the key to sign any. */
  async function remake(change: (event: string) => string): Promise<void> {
    const remade = join(directory, 'remade');
    const [from, to] = [
      await openEmbeddedLog({ directory: dataDir, flush: 'os' }),
      await openEmbeddedLog({ directory: remade, flush: 'os' }),
    ];
    await to.createTopics([
      ...eventTopics(),
      ...topicsOfConfig,
      { name: '_schemas', partitions: 1, cleanup: 'compact' },
    ]);
    for (const topic of ['_schemas', 'config-events'])
      for await (const records of from.read({ topic, partition: 0, from: 0 }))
        await to.append(
          records.map((record) => ({
            ...record,
            value:
              topic === '_schemas'
                ? record.value
                : Buffer.from(change(record.value?.toString('latin1') ?? ''), 'latin1'),
          })),
        );
    await from.close();
    await to.close();
    await copyFile(join(dataDir, 'checkpoint.key'), join(remade, 'checkpoint.key'));
    await rm(dataDir, { recursive: true });
    await rename(remade, dataDir);
  }
});
