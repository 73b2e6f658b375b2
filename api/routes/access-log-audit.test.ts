import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash, type NoteKey, openCheckpoint, parseNoteKey, verifyInclusion } from '../../config/index.ts';
import { verifyExport } from '../audit/index.ts';
import { type Running, start, TOKEN } from '../testing/harness.ts';
import { ask } from '../testing/people.ts';

let running: Running;
/** An export in NDJSON, and its lines. */
let exported: string;
let lines: readonly string[];
let key: NoteKey;

/** What is in the log: each a refused change, or a failed login. */
const SIZE = 9;

const getText = async (path: string): Promise<string> => {
  const response = await ask(running, 'GET', `/access-log/${path}`, TOKEN);
  expect(response.statusCode).toBe(200);
  return response.body;
};
const getJson = async (path: string) => JSON.parse(await getText(path));

async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await running.post('/v1/admin/sources', { name: ' ', type: 'web' });
    const credentials = { email: `nobody${i}@example.com`, password: '=1+1' };
    await ask(running, 'POST', '/auth/login', undefined, credentials);
  }
}

async function verify(text: string | Buffer, keys: readonly NoteKey[] = [key]) {
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield Buffer.from(text);
  }
  return verifyExport({ chunks: chunks(), keys });
}

beforeAll(async () => {
  running = await start();
  await fail(2);
  await getText('export');
  await fail(2);
  await ask(running, 'DELETE', '/sources/src_none', TOKEN);
  exported = await getText('export');
  lines = exported.split('\n').slice(0, -1);
  const found = parseNoteKey((await getJson('public-key')).public_key);
  if (found === undefined) throw new Error('there is no key');
  key = found;
});

afterAll(() => running.stop());

describe('the access log', () => {
  it('is signed under a name and with a key of its own', async () => {
    const config = (await running.get('/v1/admin/config/public-key')).json();
    expect(key.name).toBe(`${config.origin}/access-log`);
    expect(key.text.split('+')[2]).not.toBe(config.public_key.split('+')[2]);
    const { data } = await getJson('checkpoints');
    expect(data.map(({ size }: { size: number }) => size)).toEqual([4, SIZE]);
  });

  it('verifies where it is stored, and by its export alone', async () => {
    expect(await getJson('verify')).toMatchObject({
      valid: true,
      size: SIZE,
      signed_size: SIZE,
      problem: null,
    });
    expect(await verify(exported)).toMatchObject({ valid: true, size: SIZE, signedSize: SIZE });
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      sequence: 2,
      event: { action: 'auth.login_failed' },
    });
  });

  it('has in an export whatever was recorded before it was asked for', async () => {
    for (let i = 1; i <= 5; i++) {
      await running.post('/v1/admin/sources', { name: ' ', type: 'web' });
      expect(await verify(await getText('export'))).toMatchObject({ valid: true, size: SIZE + i });
    }
  });

  it('proves that one record is in it', async () => {
    for (let sequence = 1; sequence <= SIZE; sequence++) {
      const proof = await getJson(`proof/inclusion?sequence=${sequence}&size=${SIZE}`);
      const opened = openCheckpoint(proof.checkpoint, [key]);
      if (opened.kind !== 'signed') throw new Error(opened.why);
      const leaf = leafHash(Buffer.from(JSON.parse(lines[sequence] ?? '').record, 'base64'));
      const hashes = proof.hashes.map((hash: string) => Buffer.from(hash, 'base64'));
      expect(verifyInclusion(leaf, sequence - 1, opened.checkpoint, hashes)).toBe(true);
    }
  });

  it('numbers its records as the list of them does', async () => {
    const { data } = (await ask(running, 'GET', '/access-log?limit=3', TOKEN)).json();
    expect(data.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 2, 3]);
    expect(data[1].request_id).toBe(JSON.parse(lines[2] ?? '').event.requestId);
  });

  it('comes as CSV, with no cell that a spreadsheet would run, and as Avro', async () => {
    const csv = await getText('export?format=csv');
    expect(csv.split('\r\n')[0]).toMatch(/^"sequence","time","action",.*"leaf_hash"$/);
    expect(csv).toContain('"auth.login_failed"');
    expect(csv).not.toMatch(/(^|,)"\s*[=+@-]/m);
    expect(await getText('export?format=avro')).toMatch(/^Obj/);
  });

  it('is nobody’s whose token is for the configuration', async () => {
    const scopes = ['config:read', 'config:export'];
    const { token } = (await running.post('/v1/admin/tokens', { name: 'auditor', scopes })).json();
    for (const path of ['verify', 'export', 'checkpoints', 'public-key'])
      expect((await ask(running, 'GET', `/access-log/${path}`, token)).statusCode, path).toBe(403);
  });
});

describe('an export of the access log', () => {
  it('is not valid with any byte flipped', async () => {
    const bytes = Buffer.from(exported);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const { valid, problem } = await verify(flipped);
        expect(valid).toBe(false);
        const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length;
        if (line > 0 && line <= SIZE) expect(problem).toMatchObject({ kind: 'altered', sequence: line });
      }),
      { numRuns: 200 },
    );
  });

  it('names the record that was dropped, swapped or inserted', async () => {
    const place = fc.integer({ min: 1, max: SIZE });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('drop', 'swap', 'insert'), place, place, async (kind, i, j) => {
        fc.pre(i !== j);
        const [a, b] = [lines[i] ?? '', lines[j] ?? ''];
        const changed =
          kind === 'drop'
            ? lines.toSpliced(i, 1)
            : kind === 'swap'
              ? lines.with(i, b).with(j, a)
              : lines.toSpliced(i, 0, b);
        const { problem } = await verify(changed.map((line) => `${line}\n`).join(''));
        expect(problem).toMatchObject({ sequence: kind === 'swap' ? Math.min(i, j) : i });
        expect(problem?.kind).toBe({ drop: 'removed', swap: 'reordered', insert: 'inserted' }[kind]);
      }),
    );
  });

  it('does not pass for one of the config log, nor the other way round', async () => {
    const [header = '', ...rest] = lines;
    const as = (format: string): string =>
      [header.replace('signal-access-log-export', format), ...rest].map((line) => `${line}\n`).join('');
    expect((await verify(as('signal-config-export'))).problem?.message).toContain('its name says otherwise');
    const config = (await running.get('/v1/admin/config/export')).body;
    const configKey = parseNoteKey((await running.get('/v1/admin/config/public-key')).json().public_key);
    const renamed = config.replace('signal-config-export', 'signal-access-log-export');
    const { problem } = await verify(renamed, configKey ? [configKey] : []);
    expect(problem?.message).toContain('its name says otherwise');
    expect((await verify(exported, configKey ? [configKey] : [])).valid).toBe(false);
  });
});
